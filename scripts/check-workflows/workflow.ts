/** Reads a workflow file into jobs and steps, with the text that the rules need. */
import { readFileSync } from 'node:fs';
import { type Document, isScalar, parseDocument, type Scalar } from 'yaml';

type Plain = Readonly<Record<string, unknown>>;

export interface Step {
  /** The name of the step, or the command or action that it runs, for messages. */
  readonly name: string;
  readonly uses: string | undefined;
  /** The comment behind `uses`. */
  readonly usesComment: string;
  readonly run: string | undefined;
  readonly with: Plain;
  readonly value: Plain;
}

export interface Job {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly value: Plain;
}

export interface Workflow {
  readonly file: string;
  /** Event -> its settings. */
  readonly on: Plain;
  readonly jobs: readonly Job[];
  readonly value: Plain;
}

/**
 * Reads a workflow.
 *
 * @throws Error naming the file and the place where it is no YAML.
 */
export function readWorkflow(path: string, text = readFileSync(path, 'utf8')): Workflow {
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem !== undefined) throw new Error(`${path}: ${problem.message}`);
  const value = asMap(document.toJS());
  const jobs = Object.entries(asMap(value.jobs)).map(([name, job]) => toJob(document, name, asMap(job)));
  return { file: path, on: eventsOf(value.on), jobs, value };
}

function toJob(document: Document, name: string, value: Plain): Job {
  const steps = Array.isArray(value.steps) ? value.steps : [];
  return {
    name,
    value,
    steps: steps.map((step, at) => toStep(document, ['jobs', name, 'steps', at], asMap(step))),
  };
}

function toStep(document: Document, path: readonly unknown[], value: Plain): Step {
  const [uses, run, label] = [value.uses, value.run, value.name].map(asText);
  const node = document.getIn([...path, 'uses'], true);
  return {
    name: label ?? uses ?? run?.split('\n')[0] ?? 'nothing',
    uses,
    usesComment: isScalar(node) ? ((node as Scalar).comment ?? '').trim() : '',
    run,
    with: asMap(value.with),
    value,
  };
}

/** Returns event -> settings. `on` is a name, a list of names, or names with settings. */
function eventsOf(on: unknown): Plain {
  if (typeof on === 'string') return { [on]: {} };
  if (Array.isArray(on)) return Object.fromEntries(on.map((event) => [String(event), {}]));
  return asMap(on);
}

export function asMap(value: unknown): Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Plain) : {};
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
