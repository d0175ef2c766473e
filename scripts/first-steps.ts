/**
 * Takes a user's first steps: packs the package, installs it into an empty project, and uses it. `npm run first-steps`.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPackage } from './build-package.ts';
import { HUB_DATA, hasStandInHub, startStandInHub } from './stand-in-hub.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const PROGRAM = `
import * as matrix from '@rbee/marketplace-matrix';
const hub = { endpoint: process.env.HF_ENDPOINT };
const say = (what, value) => console.log('>', what, '\\n ', JSON.stringify(value));

const id = 'TinyLlama/TinyLlama-1.1B-Chat-v1.0';
const workers = await matrix.getCompatibleWorkersForModel(id, hub);
say('the workers that run ' + id, workers.slice(0, 3).map(({ worker, verdict }) => [worker.id, verdict.confidence]));
const missing = await matrix.extractMetadataFromHf('no/such', hub).catch((error) => error.message);
say('a repository that is not there', missing);
const listed = await matrix.listHuggingFaceModels({ ...hub, limit: 3 });
say('the most downloaded models that run', listed.map(({ model }) => model.id));
const all = await matrix.listHuggingFaceModels({ ...hub, limit: 3000, onlyCompatible: false });
const running = matrix.filterCompatibleModels(all.map(({ model }) => model));
say('of the 3000 most downloaded, those that run', running.length);
const table = matrix.generateCompatibilityMatrix(running, matrix.listWorkerBinaries());
say('a matrix of', [table.models.length, table.workers.length]);
const out = await matrix.openMatrix(process.env.OUT);
say('the allowlist of out/', (await out.allowlist()).length);
const model = await out.model('Qwen/Qwen3-8B');
say('why Qwen/Qwen3-8B does not run', model.verdicts.get('llm-worker-rbee-cpu').reasons);
`;

if (hasStandInHub()) {
  const dir = mkdtempSync(join(tmpdir(), 'first-steps-'));
  const hub = await startStandInHub(HUB_DATA);
  const run = (command: string, args: readonly string[], cwd = dir) => {
    console.log(
      `$ ${[command, ...args].join(' ').replaceAll(dir, '.').replaceAll(process.execPath, 'node')}`,
    );
    const env = { ...process.env, HF_ENDPOINT: hub.endpoint, OUT: join(dir, 'out') };
    const { stdout, stderr, status } = spawnSync(command, [...args], { cwd, env, encoding: 'utf8' });
    console.log(stdout.trim().split('\n').slice(-16).join('\n'));
    if (status !== 0) throw new Error(stderr);
  };
  try {
    await buildPackage();
    mkdirSync(join(dir, 'app'));
    const packed = execFileSync('npm', ['pack', '--pack-destination', dir, '--json'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    const [{ filename = '', size = 0, entryCount = 0 } = {}] = JSON.parse(packed) as {
      filename: string;
      size: number;
      entryCount: number;
    }[];
    console.log(`packed ${filename}: ${entryCount} files, ${size} bytes`);
    run('npm', ['run', '--silent', 'build:matrix', '--', '--out', join(dir, 'out')], ROOT);
    writeFileSync(join(dir, 'app', 'package.json'), '{"name": "app", "type": "module"}');
    run('npm', ['install', '--no-audit', '--no-fund', join(dir, filename)], join(dir, 'app'));
    writeFileSync(join(dir, 'app', 'main.js'), PROGRAM);
    run(process.execPath, ['main.js'], join(dir, 'app'));
  } finally {
    await hub.stop();
    rmSync(dir, { recursive: true });
  }
} else console.log('The stand-in Hub of ../shared is not here.');
