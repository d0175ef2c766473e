/**
 * Measures the milliseconds from opening an out/ to all that it states about one model, each in a separate process:
 * `look-up.ts OUT ID RUNS`. It prints JSON.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { openMatrix } from '../../pipeline/read/node.ts';

const [out = '', id = '', runs] = process.argv.slice(2);

async function lookUp(): Promise<number> {
  const started = performance.now();
  const model = await (await openMatrix(out)).model(id);
  const ms = performance.now() - started;
  if (model === undefined) throw new Error(`${out} has no model ${id}.`);
  return ms;
}

function lookUpElsewhere(): number {
  const args = ['--import', 'tsx', fileURLToPath(import.meta.url), out, id];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr.slice(-2_000));
  return Number(stdout);
}

if (runs === undefined) console.log(await lookUp());
else {
  const times = Array.from({ length: Number(runs) }, lookUpElsewhere).sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(share * (times.length - 1))];
  console.log(JSON.stringify({ fastestMs: at(0), medianMs: at(0.5), slowestMs: at(1) }));
}
