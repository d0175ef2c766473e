/**
 * Measures the time that CompatibilityCache saves, on checks of loaded models and on look-ups of a Hub on this machine.
 * `npm run bench:cache`.
 */
import {
  CompatibilityCache,
  checkCompatibility,
  getCompatibleWorkersForModel,
  getWorker,
} from '../../pipeline/index.ts';
import { modelOf } from '../../pipeline/testing/models.ts';
import { HUB_DATA, hasStandInHub, startStandInHub } from '../stand-in-hub.ts';

const CHECKS = 20_000;
const LOOK_UPS = 50;
const ID = 'TinyLlama/TinyLlama-1.1B-Chat-v1.0';

async function perCall(times: number, call: () => unknown): Promise<number> {
  const started = performance.now();
  for (let n = 0; n < times; n += 1) await call();
  return ((performance.now() - started) * 1000) / times;
}

const model = modelOf(['config.json', 'tokenizer.json', 'model.safetensors'], {});
const worker = getWorker('llm-worker-rbee-cpu');
if (worker === undefined) throw new Error('There is no worker llm-worker-rbee-cpu.');
const cache = new CompatibilityCache<object>();
const key = { model: model.id, sha: String(model.sha), worker: worker.id, workerVersion: worker.version };
const check = () => checkCompatibility(model, worker);
const rows: [string, number, number][] = [
  ['a check at hand', await perCall(CHECKS, check), await perCall(CHECKS, () => cache.get(key, check))],
];
if (hasStandInHub()) {
  const hub = await startStandInHub(HUB_DATA);
  const ask = () => getCompatibleWorkersForModel(ID, { endpoint: hub.endpoint });
  const live = { ...key, model: ID, worker: 'all' };
  rows.push([
    'a live look-up',
    await perCall(LOOK_UPS, ask),
    await perCall(CHECKS, () => cache.get(live, ask)),
  ]);
  await hub.stop();
}
for (const [what, without, held] of rows)
  console.log(
    `${what.padEnd(16)} ${without.toFixed(1).padStart(10)} us without, ${held.toFixed(2)} us from the cache`,
  );
