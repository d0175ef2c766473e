/**
 * Loaded into a build by `--import ...hook.mjs?fault=kill&at=17&under=/dir`: counts the calls of node:fs that change something
 * under a folder, and at the one wanted kills the process, fails as a full disk does, or only tells the count at the end.
 * The build knows nothing of it.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const query = new URL(import.meta.url).searchParams;
const [fault, at, under, tell] = ['fault', 'at', 'under', 'tell'].map((name) => query.get(name) ?? '');
const CALLS = [
  'writeFileSync',
  'linkSync',
  'renameSync',
  'rmSync',
  'mkdirSync',
  'fsyncSync',
  'openSync',
  'copyFileSync',
];
let calls = 0;

function strike(name) {
  calls += 1;
  if (calls !== Number(at)) return;
  if (fault === 'kill') process.kill(process.pid, 'SIGKILL');
  if (fault === 'full')
    throw Object.assign(new Error(`ENOSPC: no space left on device, ${name}`), {
      code: 'ENOSPC',
      syscall: name,
    });
}

if (isMainThread) {
  for (const name of CALLS) {
    const real = fs[name];
    fs[name] = (...args) => {
      if (typeof args[0] === 'number' || String(args[0]).startsWith(under)) strike(name);
      return real(...args);
    };
  }
  syncBuiltinESMExports();
  const real = fs.writeFileSync;
  if (tell !== '') process.on('exit', () => real(tell, String(calls)));
}
