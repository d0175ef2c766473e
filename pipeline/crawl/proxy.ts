/** The proxy of the environment: which one leads to an address, and `fetch` through it. */
import host from 'node:process';
import { EnvHttpProxyAgent, fetch as fetchBy } from 'undici';
import { DataError } from '../lib/errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy that leads to this origin, for messages: its address without user and password; undefined where none does. */
export function proxyFor(origin: URL, env: Environment = host.env): string | undefined {
  const http = env.http_proxy ?? env.HTTP_PROXY;
  const proxy = origin.protocol === 'https:' ? (env.https_proxy ?? env.HTTPS_PROXY ?? http) : http;
  if (!proxy || isExempt(origin, env.no_proxy ?? env.NO_PROXY ?? '')) return undefined;
  return URL.canParse(proxy) ? new URL(proxy).origin : proxy.replace(/^.*@/, '');
}

/** By the rules of undici's EnvHttpProxyAgent. */
function isExempt({ hostname, port, protocol }: URL, noProxy: string): boolean {
  const ownPort = port || (protocol === 'https:' ? '443' : '80');
  return noProxy
    .split(/[,\s]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const [, host = entry, entryPort] = /^(.+):(\d+)$/.exec(entry) ?? [];
      const name = host.replace(/^\*?\./, '').toLowerCase();
      if (entryPort !== undefined && entryPort !== ownPort) return false;
      return entry === '*' || hostname === name || hostname.endsWith(`.${name}`);
    });
}

/** Read from the environment when it is needed first. */
let agent: EnvHttpProxyAgent | undefined;

/**
 * Fetches through the proxy that leads to the address; where none does, as Node does, which knows no proxies.
 *
 * @throws DataError naming the proxy, when the address cannot be reached through it.
 */
export async function fetchThroughProxy(
  address: string | URL,
  { headers }: { readonly headers: Record<string, string> },
): Promise<Pick<Response, 'status' | 'ok' | 'text'>> {
  const proxy = proxyFor(new URL(address));
  if (proxy === undefined) return await fetch(address, { headers });
  agent ??= new EnvHttpProxyAgent({ proxyTunnel: false });
  try {
    return await fetchBy(address, { headers, dispatcher: agent });
  } catch (cause) {
    throw new DataError(`${address} cannot be reached through the proxy ${proxy}.`, { cause });
  }
}
