/** Starts the stand-in Hub of ../shared, for scripts and tests. A clone without ../shared has none. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../pipeline/lib/errors.ts';

const SHARED = fileURLToPath(new URL('../../shared/', import.meta.url));
const SERVER = `${SHARED}hub-replay/server.mjs`;

export const PUBLIC_CASES = `${SHARED}cases/public.jsonl`;
export const HUB_DATA = `${SHARED}hub-data/listing.jsonl.gz`;

export function hasStandInHub(): boolean {
  return existsSync(SERVER);
}

/** A request that the stand-in Hub received. */
export interface LoggedRequest {
  /** Unix time in milliseconds. */
  readonly at: number;
  readonly target: string;
  readonly status?: number;
}

/** A fault of the stand-in Hub, for requests whose path and query match. The head of its source lists the kinds. */
export interface Fault {
  readonly path: string;
  readonly kind: string;
  readonly times?: number;
  readonly after?: number;
  readonly [more: string]: unknown;
}

export interface StandInHub {
  readonly endpoint: string;
  /** Returns the requests so far. */
  log(): Promise<LoggedRequest[]>;
  /** Forgets requests and windows, and causes these faults from now on. */
  reset(faults: readonly Fault[]): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a server of JSONL files, with a quota high enough not to wait unless `flags` say otherwise.
 *
 * @throws UsageError where the stand-in Hub or the data is missing.
 */
export async function startStandInHub(data: string, flags: readonly string[] = []): Promise<StandInHub> {
  if (!hasStandInHub())
    throw new UsageError(
      `There is no ${SERVER}: the stand-in Hub is in a folder shared/ beside the clone, which only maintainers have.`,
    );
  if (!existsSync(data)) throw new UsageError(`There is no ${data} for the stand-in Hub to serve.`);
  const quota = ['--quota-api', '1000000', '--quota-resolvers', '1000000'];
  const server = spawn(process.execPath, [SERVER, '--data', data, '--port', '0', ...quota, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
  const endpoint = line.replace('listening ', '');
  return {
    endpoint,
    log: async () => (await (await fetch(`${endpoint}/__log`)).json()) as LoggedRequest[],
    reset: async (faults) => {
      await fetch(`${endpoint}/__reset`, { method: 'POST' });
      await fetch(`${endpoint}/__faults`, { method: 'POST', body: JSON.stringify(faults) });
    },
    stop: async () => {
      server.kill();
      if (server.exitCode === null) await once(server, 'exit');
    },
  };
}
