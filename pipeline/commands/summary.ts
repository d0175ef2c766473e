/**
 * Summarizes the answer of `explain` in a line, and the verdicts of engines, with a line for those that
 * agree.
 */
import { BACKENDS, type Backend } from '../data/worker.ts';
import { REASON_CODES } from '../evaluate/verdict.ts';
import { groupBy } from '../lib/group.ts';
import { BACKEND_WORDS, listNames } from '../lib/sentences.ts';
import type { VerdictGroup } from '../read/groups.ts';
import { shareRefusals } from '../read/refusals.ts';

/** Returns one line: whether the model is in the marketplace, why, and which engines run it. */
export function verdictLine(groups: readonly VerdictGroup[]): string {
  const own = groups.filter(({ gate }) => gate);
  const engines = namesOf(groups.filter(({ gate, verdict }) => !gate && verdict.compatible));
  const running = own.filter(({ verdict }) => verdict.compatible);
  if (running.length > 0) {
    const programs = [...groupBy(running, ({ name }) => name)].map(
      ([name, same]) => `${name} on ${placesOf(same)}`,
    );
    const also = engines.length === 0 ? '' : ` Also on ${listNames(engines, 'and')}.`;
    return `In the marketplace: it runs with ${listNames(programs, 'and')}.${also}`;
  }
  const elsewhere =
    engines.length === 0
      ? 'No engine of this matrix is known to run it.'
      : `It runs on ${listNames(engines, 'and')}.`;
  const decided = nearestToRunning(own);
  return decided === undefined ? elsewhere : `${refusal(decided)} ${elsewhere}`;
}

/**
 * Returns the verdicts of some workers, when a caller asks for these alone: a sentence for those that agree.
 */
export function workersLine(groups: readonly VerdictGroup[]): string {
  return groups
    .map(({ name, workers, program, verdict }) => {
      const place = `${name} on ${backendsOf(program, workers)}`;
      if (verdict.compatible) return `${place}: runs, confidence ${verdict.confidence}.`;
      return `${place}: ${verdict.status === 'unknown' ? 'not known' : 'does not run'}. ${verdict.reasons[0] ?? ''}`;
    })
    .join('\n');
}

function refusal({ verdict: { status, reasons } }: VerdictGroup): string {
  const why = status === 'unknown' ? ', since a fact is missing' : '';
  return `Not in the marketplace${why}: ${reasons[0] ?? 'no reason is given.'}`;
}

/**
 * Returns, of several refusals, that of the worker that came nearest: rules are checked in the order of their
 * codes.
 */
function nearestToRunning(own: readonly VerdictGroup[]): VerdictGroup | undefined {
  const rank = ({ verdict: { status, reasonCodes } }: VerdictGroup) =>
    (status === 'unknown' ? REASON_CODES.length : 0) +
    (reasonCodes[0] === undefined ? -1 : REASON_CODES.indexOf(reasonCodes[0]));
  return [...own].sort((a, b) => rank(b) - rank(a))[0];
}

/** Returns the backends by confidence: `CPU (high), CUDA and ROCm (medium)`. */
function placesOf(groups: readonly VerdictGroup[]): string {
  const levels = [...groupBy(groups, ({ verdict }) => verdict.confidence)].map(([confidence, same]) => {
    const places = same.map(({ program, workers }) => backendsOf(program, workers));
    return `${places.join(', ')} (confidence ${confidence})`;
  });
  return levels.join(', ');
}

function backendsOf(program: string, workers: readonly string[]): string {
  const words = workers.map((id) => {
    const backend = id.slice(program.length + 1);
    return isBackend(backend) ? BACKEND_WORDS[backend] : backend;
  });
  return listNames(words, 'and');
}

function isBackend(name: string): name is Backend {
  return BACKENDS.some((backend) => backend === name);
}

function namesOf(groups: readonly VerdictGroup[]): string[] {
  return [...new Set(groups.map(({ name }) => name))];
}

const LEVELS = ['high', 'medium', 'low'] as const;

/** Returns the verdicts of the engines, with a line for those that agree. */
export function engineLines(groups: readonly VerdictGroup[]): string[] {
  const engines = groups.filter(({ gate }) => !gate);
  const running = LEVELS.flatMap((level) => {
    const same = engines.filter(({ verdict }) => verdict.confidence === level);
    const places = [...groupBy(same, ({ name }) => name)].map(
      ([name, all]) =>
        `${name} (${all.map(({ program, workers }) => backendsOf(program, workers)).join(', ')})`,
    );
    return places.length === 0 ? [] : [`✓ runs, confidence ${level}: ${places.join(', ')}`];
  });
  const unknown = engines.filter(({ verdict }) => verdict.status === 'unknown');
  const { shared, rest } = shareRefusals(engines);
  const alone = rest.filter(({ verdict }) => verdict.status === 'incompatible');
  return [
    ...running,
    ...(unknown.length === 0 ? [] : [`? not known: ${namesOf(unknown).join(', ')}`]),
    ...shared.map(({ sentence }) => `✗ ${sentence}`),
    ...[...new Set(alone.map(({ name, verdict }) => `✗ ${withName(name, verdict.reasons[0] ?? '')}`))],
  ];
}

function withName(name: string, reason: string): string {
  return reason.includes(name) ? reason : `${name}: ${reason}`;
}
