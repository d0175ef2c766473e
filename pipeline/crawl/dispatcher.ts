/** The connections to one origin: through the proxy of the environment, over HTTP/2 where offered, decompressed. */
import { createRequire } from 'node:module';
import host from 'node:process';
import { type Dispatcher, EnvHttpProxyAgent, interceptors } from 'undici';
import { proxySettings } from './proxy.ts';

export interface DispatcherOptions {
  readonly connections: number;
  /** Milliseconds for connecting, for the head of an answer, and between two pieces of its body. */
  readonly timeoutMs: number;
}

/**
 * Returns the dispatcher. HTTP_PROXY, HTTPS_PROXY and NO_PROXY are honoured, in upper and lower case.
 *
 * @throws UsageError naming a variable that holds no proxy.
 */
export function makeDispatcher({ connections, timeoutMs }: DispatcherOptions): Dispatcher {
  const agent = new EnvHttpProxyAgent({
    ...proxySettings(),
    connections,
    connect: { timeout: timeoutMs },
    bodyTimeout: timeoutMs,
    headersTimeout: timeoutMs,
    allowH2: true,
    // A proxy need not allow CONNECT to port 80; for https it is used all the same.
    proxyTunnel: false,
  });
  // Errors are decompressed too: their JSON says what the Hub means.
  return agent.compose(quietly(() => interceptors.decompress({ skipErrorResponses: false })));
}

/** The encodings that Node can decompress; the listing is a tenth of its size when it is compressed. */
export const ACCEPT_ENCODING = canReadZstd() ? 'gzip, deflate, br, zstd' : 'gzip, deflate, br';

function canReadZstd(): boolean {
  const zlib: Readonly<Record<string, unknown>> = createRequire(import.meta.url)('node:zlib');
  return typeof zlib.createZstdDecompress === 'function';
}

/**
 * Hides undici's warning that the interceptor may change: its version is pinned, and users can do nothing
 * about it.
 */
function quietly<T>(make: () => T): T {
  const { emitWarning } = host;
  host.emitWarning = () => {};
  try {
    return make();
  } finally {
    host.emitWarning = emitWarning;
  }
}
