/**
 * Runs a night on this machine, by the steps of nightly.yml as written, from the last commit to a published folder: `npm
 * run nightly:local -- --state DIR [--data FILE.jsonl.gz] [--faults FILE.json] [--input NAME=VALUE]`. It replaces GitHub
 * and the Hub; a second night in the same folder follows the first.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from '../pipeline/lib/errors.ts';
import { asMap, readWorkflow, type Workflow } from './check-workflows/workflow.ts';
import { orClearExit } from './clear-exit.ts';
import { type JobResult, runJob } from './nightly-local/job.ts';
import { HUB_DATA, startStandInHub } from './stand-in-hub.ts';

/** The port of the Hub, the same every night, since the crawl's cache is kept by address. */
const HUB_PORT = '48123';
const REPOSITORY = 'local/marketplace-matrix';

const { values } = parseArgs({
  options: {
    state: { type: 'string', default: 'bench/nightly' },
    data: { type: 'string', default: HUB_DATA },
    faults: { type: 'string' },
    input: { type: 'string', multiple: true, default: [] },
  },
});
const state = resolve(values.state);
const remote = join(state, `${REPOSITORY}.git`);

/** Pushes the clone's last commit as the branch main of a bare repository. */
function pushMain(): void {
  if (!existsSync(remote))
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', remote]);
  execFileSync('git', ['push', '--quiet', '--force', remote, 'HEAD:refs/heads/main']);
}

/** Returns the inputs: the defaults of workflow_dispatch, and the values of the command line. */
function inputsOf({ on }: Workflow): Record<string, unknown> {
  const declared = asMap(asMap(on.workflow_dispatch).inputs);
  const given = values.input.map((text) => [text.split('=')[0] ?? '', text.slice(text.indexOf('=') + 1)]);
  for (const [name = ''] of given)
    if (!(name in declared))
      throw new UsageError(`nightly.yml has no input ${name}: ${Object.keys(declared).join(', ')}.`);
  const defaults = Object.entries(declared).map(([name, input]) => [name, asMap(input).default ?? '']);
  return Object.fromEntries([...defaults, ...given]);
}

/** Runs the jobs in the order of the file, which is that of their needs. It returns whether all succeeded. */
function runNight(workflow: Workflow, endpoint: string): boolean {
  const night = String(readdirSync(join(state, 'artifacts')).length + 1);
  const results: Record<string, JobResult> = {};
  for (const job of workflow.jobs) {
    const needs = [job.value.needs ?? []].flat().map(String);
    if (needs.some((name) => results[name]?.result !== 'success')) continue;
    const work = join(state, 'work', job.name);
    const machine = {
      work,
      remote,
      caches: join(state, 'caches'),
      artifacts: join(state, 'artifacts', night),
      site: join(state, 'site'),
    };
    mkdirSync(machine.artifacts, { recursive: true });
    rmSync(work, { recursive: true, force: true });
    results[job.name] = runJob(job, machine, join(state, 'temp', job.name), {
      github: {
        repository: REPOSITORY,
        ref: 'refs/heads/main',
        run_id: night,
        run_attempt: '1',
        server_url: `file://${state}`,
        token: 'local',
      },
      vars: { NIGHTLY_REPOSITORY: REPOSITORY, HF_ENDPOINT: endpoint },
      secrets: {},
      inputs: inputsOf(workflow),
      needs: results,
    });
  }
  for (const { name } of workflow.jobs) console.log(`job ${name}: ${results[name]?.result ?? 'skipped'}`);
  return Object.values(results).every(({ result }) => result !== 'failure');
}

async function main(): Promise<void> {
  const faults = values.faults === undefined ? [] : ['--faults', values.faults];
  const hub = await startStandInHub(values.data, ['--port', HUB_PORT, ...faults]);
  try {
    for (const dir of ['caches', 'artifacts']) mkdirSync(join(state, dir), { recursive: true });
    pushMain();
    process.exitCode = runNight(readWorkflow('.github/workflows/nightly.yml'), hub.endpoint) ? 0 : 1;
  } finally {
    await hub.stop();
  }
}

await orClearExit(main);
