/** Reads the proxy of the environment: which one leads to an address, and `fetch` through it. */
import host from 'node:process';
import type { EnvHttpProxyAgent } from 'undici';
import { DataError, UsageError } from '../lib/errors.ts';
import * as say from './sentences.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The options that undici's EnvHttpProxyAgent takes; empty where there is no proxy. */
export interface ProxySettings {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
}

/** Returns the settings. @throws UsageError naming the variable that holds no address of a proxy. */
export function proxySettings(env: Environment = host.env): ProxySettings {
  return {
    httpProxy: addressIn(env, 'http_proxy'),
    httpsProxy: addressIn(env, 'https_proxy'),
    noProxy: env.no_proxy ?? env.NO_PROXY ?? '',
  };
}

const PROTOCOLS = ['http:', 'https:', 'socks5:', 'socks:'];

/**
 * Returns the address in a variable as curl reads it: the name in lower case comes first, and an address
 * without a scheme is one of http.
 */
function addressIn(env: Environment, name: string): string {
  const variable = env[name] === undefined ? name.toUpperCase() : name;
  const text = env[variable]?.trim() ?? '';
  if (text === '') return '';
  const address = text.includes('://') ? text : `http://${text}`;
  if (URL.canParse(address) && PROTOCOLS.includes(new URL(address).protocol)) return address;
  throw new UsageError(say.notProxy(variable, text.replace(/^.*@/, '***@')));
}

/**
 * Returns the proxy that leads to this origin, for messages: its address without user and password; undefined
 * where none does.
 */
export function proxyFor(origin: URL, env: Environment = host.env): string | undefined {
  const { httpProxy, httpsProxy, noProxy } = proxySettings(env);
  const proxy = origin.protocol === 'https:' ? httpsProxy || httpProxy : httpProxy;
  if (proxy === '' || isExempt(origin, noProxy)) return undefined;
  const { protocol, host: at } = new URL(proxy);
  return `${protocol}//${at}`;
}

/** Tells whether NO_PROXY exempts an address, by the rules of undici's EnvHttpProxyAgent. */
function isExempt({ hostname, port, protocol }: URL, noProxy: string): boolean {
  if (noProxy === '*') return true;
  const ownPort = port || (protocol === 'https:' ? '443' : '80');
  return noProxy
    .split(/[,\s]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const [, host = entry, entryPort] = /^(.+):(\d+)$/.exec(entry) ?? [];
      const name = host.replace(/^\*?\./, '').toLowerCase();
      if (entryPort !== undefined && entryPort !== ownPort) return false;
      return hostname === name || hostname.endsWith(`.${name}`);
    });
}

/** The agent; it is made from the environment when it is first needed. */
let agent: EnvHttpProxyAgent | undefined;

/**
 * Fetches through the proxy that leads to the address; where none does, with the `fetch` of Node, which uses
 * no proxies.
 *
 * @throws UsageError for a variable that holds no proxy; DataError naming the proxy, when the address cannot
 * be reached through it.
 */
export async function fetchThroughProxy(
  address: string | URL,
  { headers }: { readonly headers: Record<string, string> },
): Promise<Pick<Response, 'status' | 'ok' | 'text'>> {
  const proxy = proxyFor(new URL(address));
  if (proxy === undefined) return await fetch(address, { headers });
  // Loaded here, since most callers use no proxy.
  const undici = await import('undici');
  agent ??= new undici.EnvHttpProxyAgent({ ...proxySettings(), proxyTunnel: false });
  try {
    return await undici.fetch(address, { headers, dispatcher: agent });
  } catch (cause) {
    throw new DataError(say.proxyUnreachable(address, proxy), { cause });
  }
}
