/** Runs the steps of one job in order, by its YAML, with conditions, variables and outputs. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asMap, type Job, type Step } from '../check-workflows/workflow.ts';
import { ACTIONS, type Machine } from './actions.ts';
import { type Context, evaluate, fill } from './expression.ts';

export interface JobResult {
  readonly result: 'success' | 'failure' | 'skipped';
  readonly outputs: Readonly<Record<string, string>>;
}

type Texts = Readonly<Record<string, string>>;

/** Runs a job. Scratch files are in `temp`, which is the RUNNER_TEMP of the steps. */
export function runJob(job: Job, machine: Machine, temp: string, context: Context): JobResult {
  const steps: Record<string, { outputs: Texts; outcome: string }> = {};
  let failed = false;
  const now = (): Context => ({
    ...context,
    steps,
    runner: { temp },
    'always()': true,
    'failure()': failed,
    'success()': !failed,
  });
  if (!holds(job.value.if, now())) return { result: 'skipped', outputs: {} };
  rmSync(temp, { recursive: true, force: true });
  for (const dir of [temp, machine.work]) mkdirSync(dir, { recursive: true });
  for (const step of job.steps) {
    if (!holds(step.value.if, now())) continue;
    const started = performance.now();
    const outputs = runStep(step, machine, temp, now());
    console.log(
      `${outputs === undefined ? 'FAILED' : 'done  '} ${job.name} / ${step.name} (${seconds(started)} s)`,
    );
    failed ||= outputs === undefined;
    if (typeof step.value.id === 'string')
      steps[step.value.id] = {
        outputs: outputs ?? {},
        outcome: outputs === undefined ? 'failure' : 'success',
      };
  }
  return { result: failed ? 'failure' : 'success', outputs: filled(job.value.outputs, now()) };
}

/** Tells whether a condition holds. Without a status function it holds only while nothing failed. */
function holds(condition: unknown, context: Context): boolean {
  const text = condition === undefined ? 'success()' : String(condition);
  const asks = /\b(always|failure|success)\(\)/.test(text);
  return (
    (asks || context['success()'] === true) &&
    evaluate(text, context) !== false &&
    evaluate(text, context) !== ''
  );
}

/** Runs a step, and returns its outputs; undefined when it failed. */
function runStep(step: Step, machine: Machine, temp: string, context: Context): Texts | undefined {
  if (step.run !== undefined) return runScript(step, machine.work, temp, context);
  const name = step.uses?.split('@')[0] ?? '';
  const action = ACTIONS[name];
  if (action === undefined) throw new Error(`There is no local stand-in for ${name}: add one to actions.ts.`);
  try {
    return action(machine, filled(step.with, context)) ?? {};
  } catch (error) {
    console.error(String(error));
    return undefined;
  }
}

/** Runs a script as a runner does for `shell: bash`. Of this machine's variables it sees those that find programs. */
function runScript(
  { run = '', value }: Step,
  work: string,
  temp: string,
  context: Context,
): Texts | undefined {
  const [file, output] = [join(temp, 'step.sh'), join(temp, 'step.output')];
  writeFileSync(file, run);
  writeFileSync(output, '');
  const { PATH, HOME } = process.env;
  const { status } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', file], {
    cwd: work,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      PATH,
      HOME,
      CI: 'true',
      RUNNER_TEMP: temp,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: join(temp, 'summary.md'),
      GITHUB_REPOSITORY: String(evaluate('github.repository', context)),
      ...filled(value.env, context),
    },
  });
  return status === 0 ? readOutputs(output) : undefined;
}

function readOutputs(path: string): Texts {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  return Object.fromEntries(
    lines
      .filter((line) => line.includes('='))
      .map((line) => [line.split('=')[0], line.slice(line.indexOf('=') + 1)]),
  );
}

function filled(values: unknown, context: Context): Texts {
  return Object.fromEntries(
    Object.entries(asMap(values)).map(([name, value]) => [name, fill(String(value), context)]),
  );
}

function seconds(started: number): string {
  return ((performance.now() - started) / 1000).toFixed(1);
}
