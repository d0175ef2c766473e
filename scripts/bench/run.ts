/** Runs a program of this project in a separate process, several times, and keeps the time and memory that it took. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const USAGE = './scripts/bench/usage.mjs';
/** The most seconds between a build's last second of writing and its end. */
const EXIT_SECONDS = 0.5;

/** The usage of a process that usage.mjs reports, all its threads together. */
interface Usage {
  readonly cpuSeconds: number;
  readonly peakMiB: number;
  readonly upSeconds: number;
  /** Times since the start in seconds, with the resident memory at each in MiB. */
  readonly resident: readonly (readonly [seconds: number, miB: number])[];
}

export interface Sample extends Usage {
  readonly seconds: number;
  readonly output: string;
}

export interface Row {
  readonly listing: string;
  readonly what: string;
  readonly records: number;
  readonly runs: number;
  /** Wall time in seconds: the median, and the fastest and slowest run below. */
  readonly seconds: number;
  readonly fastest: number;
  readonly slowest: number;
  /** The median of all threads' CPU time in seconds; `cpuMicroseconds` is that for each record. */
  readonly cpuSeconds: number;
  readonly cpuMicroseconds: number;
  /** The highest memory of all runs, in MiB. */
  readonly peakMiB: number;
  readonly notes: string;
}

/**
 * Runs a script and returns its usage.
 *
 * @throws Error with the end of its error output, where it fails.
 */
export function run(script: string, args: readonly string[]): Sample {
  const loaders = script.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const started = performance.now();
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [...loaders, '--import', USAGE, script, ...args],
    { cwd: ROOT, encoding: 'utf8', maxBuffer: 1e9 },
  );
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`${script} ended with ${status}: ${stderr.slice(-2_000)}`);
  const usage = /usage (\{.*\})/.exec(stderr)?.[1];
  if (usage === undefined) throw new Error(`${script} did not say what it used.`);
  return { seconds, ...(JSON.parse(usage) as Usage), output: stdout };
}

export interface Task {
  readonly listing: string;
  readonly what: string;
  readonly records: number;
  readonly runs: number;
  readonly sample: () => Sample;
  /** Returns the notes on the median run beside its times. */
  readonly notesOf: (sample: Sample) => string;
}

/** Runs a task as often as it says. Half of the runs take no longer than the median. */
export function measure({ sample, notesOf, ...task }: Task): Row {
  const samples = Array.from({ length: task.runs }, sample);
  const seconds = samples.map((one) => one.seconds).sort((a, b) => a - b);
  const cpuSeconds = median(samples.map((one) => one.cpuSeconds));
  const middle = samples.find((one) => one.seconds === median(seconds)) as Sample;
  return {
    ...task,
    seconds: middle.seconds,
    fastest: seconds[0] ?? 0,
    slowest: seconds.at(-1) ?? 0,
    cpuSeconds,
    cpuMicroseconds: (cpuSeconds * 1e6) / task.records,
    peakMiB: Math.max(...samples.map(({ peakMiB }) => peakMiB)),
    notes: notesOf(middle),
  };
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
}

/** Returns the times of stages that a build prints, and the memory that it held before the seconds in which it wrote. */
export function stagesOf(sample: Sample): string {
  const said = /time\s+(.*?([\d.]+) s writing)/.exec(sample.output)?.[1];
  if (said === undefined) return '';
  const end = sample.upSeconds - writingSeconds(sample) - EXIT_SECONDS;
  const reading = sample.resident.filter(([seconds]) => seconds < end).map(([, miB]) => miB);
  return `${said}; at most ${Math.max(0, ...reading)} MiB while reading`;
}

/** Returns the seconds that a build took to write out/, by its own output. */
export function writingSeconds({ output }: Sample): number {
  return Number(/time\s.*?([\d.]+) s writing/.exec(output)?.[1] ?? 0);
}

export const HEADER =
  '| what | records | wall, s (fastest to slowest) | CPU, s | CPU us a record | peak MiB | notes |\n|---|---:|---:|---:|---:|---:|---|';

export function formatRow(row: Row): string {
  const wall = `${row.seconds.toFixed(2)} (${row.fastest.toFixed(2)} to ${row.slowest.toFixed(2)})`;
  const cpu = `${row.cpuSeconds.toFixed(1)} | ${row.cpuMicroseconds.toFixed(1)}`;
  return `| ${row.listing}: ${row.what} | ${row.records} | ${wall} | ${cpu} | ${row.peakMiB} | ${row.notes} |`;
}
