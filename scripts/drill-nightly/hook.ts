/**
 * Counts the calls of node:fs that change something under a folder, and causes a fault at one of them: it kills the
 * process, or fails as a full disk does. The build does not know of it. The drill imports it, or loads it into a separate
 * build by `--import ...hook.ts?fault=kill&at=17&under=/dir`.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

export interface Strike {
  readonly fault: 'kill' | 'full' | 'none';
  /** The number of the call, from 1. */
  readonly at: number;
  readonly under: string;
}

const CALLS = [
  'writeFileSync',
  'appendFileSync',
  'truncateSync',
  'linkSync',
  'renameSync',
  'rmSync',
  'mkdirSync',
  'fsyncSync',
  'openSync',
  'copyFileSync',
] as const;

let armed: Strike | undefined;
let calls = 0;
let inside = false;

/** Sets the fault and starts to count, until `disarm`. */
export function arm(strike: Strike): void {
  armed = strike;
  calls = 0;
}

/** Ends the fault, and returns the number of calls since `arm`. */
export function disarm(): number {
  armed = undefined;
  return calls;
}

type Call = (...args: unknown[]) => unknown;

function strikeOrCall(name: string, real: Call, args: readonly unknown[]): unknown {
  const [target] = args;
  if (inside || armed === undefined) return real(...args);
  if (typeof target !== 'number' && !String(target).startsWith(armed.under)) return real(...args);
  calls += 1;
  // One call of ours may be several of node's.
  inside = true;
  try {
    if (calls === armed.at && armed.fault === 'kill') process.kill(process.pid, 'SIGKILL');
    if (calls === armed.at && armed.fault === 'full') fillUp(name, real, args);
    return real(...args);
  } finally {
    inside = false;
  }
}

/** Writes half of the content and fails, as a disk that fills up within a write does. */
function fillUp(name: string, real: Call, [target, content, options]: readonly unknown[]): never {
  if (name === 'writeFileSync' || name === 'appendFileSync') {
    const whole = Buffer.from(content as string);
    real(target, whole.subarray(0, whole.length / 2), options);
  }
  throw Object.assign(new Error(`ENOSPC: no space left on device, ${name}`), {
    code: 'ENOSPC',
    syscall: name,
  });
}

if (isMainThread) {
  const own = fs as unknown as Record<string, Call>;
  for (const name of CALLS) {
    const real = own[name] as Call;
    own[name] = (...args) => strikeOrCall(name, real, args);
  }
  syncBuiltinESMExports();
  const query = new URL(import.meta.url).searchParams;
  const fault = query.get('fault');
  if (fault === 'kill' || fault === 'full' || fault === 'none') {
    arm({ fault, at: Number(query.get('at')), under: query.get('under') ?? '' });
    process.on('exit', () => process.stderr.write(`\n${calls} calls\n`));
  }
}
