/**
 * Checks that a table or another program knows the architectures and labels that a worker names. A misspelt name would
 * match no model.
 */

import type { MatchKey } from '../../pipeline/data/worker.ts';
import type { StatedAccept } from '../../pipeline/data/worker-schema.ts';
import { nearestName } from '../../pipeline/lib/nearest.ts';
import type { Data, Problem, Program, Rule } from './data.ts';

export const knownNames: Rule = (data) =>
  data.programs.flatMap((program) =>
    program.file.accepts.flatMap((accept, at): Problem[] => [
      ...strayNames(data, program, accept, at),
      ...strayLabels(data, program, accept, at),
    ]),
  );

function strayNames(
  data: Data,
  { path, file, accepts }: Program,
  accept: StatedAccept,
  at: number,
): Problem[] {
  const by = accept.match?.by ?? accepts[at]?.match.by;
  if (by === undefined || by === 'any' || by === 'repo') return [];
  const known = namesOf(data, by, file.program);
  const lists = [
    ['match.names', accept.match?.names],
    ['match.fallback.names', accept.match?.fallback?.names],
    ['match.newer', accept.match?.newer],
    ['alsoNames', accept.alsoNames],
  ] as const;
  return lists.flatMap(([field, names = []]) =>
    names
      .filter((name) => !known.has(name))
      .map((name) => ({
        path,
        field: `accepts[${at}].${field}`,
        found: `the ${by.replace('gguf', 'GGUF architecture')} ${name}, which nobody else knows${nearest(name, known)}`,
        fix: `correct it, or add it to ${by === 'gguf' ? 'ggufKinds in data/architectures.json' : `${by} in data/names.json`}`,
      })),
  );
}

export function nearest(name: string, known: Iterable<string>): string {
  const near = nearestName(name, known);
  return near === undefined ? '' : ` (the nearest known name is ${near})`;
}

/** Returns the names of one kind that the tables and other programs know. */
function namesOf(data: Data, by: MatchKey, program: string): ReadonlySet<string> {
  const { architectures, tables } = data;
  const others = data.programs
    .filter(({ file }) => file.program !== program)
    .flatMap(({ file }) => file.accepts)
    .filter(({ match }) => match?.by === by)
    .flatMap(({ match }) => [...(match?.names ?? []), ...(match?.fallback?.names ?? [])]);
  const families = Object.values(architectures.families);
  const listed = {
    gguf: [...tables.kindOfGguf.keys(), ...families.flatMap(({ gguf = [] }) => gguf)],
    class: Object.values(architectures.classKinds).flat(),
    model_type: [
      ...families.flatMap(({ modelTypes = [] }) => modelTypes),
      ...Object.values(architectures.modelTypeKinds).flat(),
    ],
    repo: [],
    any: [],
  } satisfies Record<MatchKey, string[]>;
  // For GGUF the table is complete: what another worker states could be misspelt alike.
  const trusted = by === 'gguf' ? [] : others;
  const seen = Object.values(data.firstSeen[by] ?? {}).flat();
  return new Set([...listed[by], ...trusted, ...seen, ...(data.names.names[by] ?? [])]);
}

/** Number types, and the labels for none, of every format but GGUF. */
const PLAIN = ['any', 'undeclared', 'BF16', 'F16', 'F32', 'F64'];

function strayLabels(data: Data, { path, file }: Program, accept: StatedAccept, at: number): Problem[] {
  const known = labelsOf(data, accept);
  const lists = [
    [`accepts[${at}].quantizations`, accept.quantizations ?? []],
    [`accepts[${at}].exceptQuantizations`, accept.exceptQuantizations ?? []],
    ...(at === 0
      ? file.backends.map(
          (one) =>
            [`backends (${one.backend}).lacksQuantizations`, oneOf(data, one.lacksQuantizations)] as const,
        )
      : []),
  ] as const;
  return lists.flatMap(([field, labels]) =>
    labels
      .filter((label) => !known.has(label.replace(/^UD-/, '')))
      .map((label) => ({
        path,
        field,
        found: `the label ${label}, which no file in the format ${accept.format} has${nearestLabel(label, known)}`,
        fix:
          accept.format === 'gguf'
            ? 'correct it, or add it to data/quantizations.json'
            : `correct it, or add it to labels.${accept.format} in data/names.json`,
      })),
  );
}

/** Returns the labels of a backend that no format knows. */
function oneOf({ names, quantizations: { gguf } }: Data, labels: readonly string[]): readonly string[] {
  const all = new Set([...Object.values(names.labels).flat(), ...Object.keys(gguf.labels), ...PLAIN]);
  return labels.filter((label) => !all.has(label));
}

function labelsOf({ tables, names }: Data, { format }: StatedAccept): ReadonlySet<string> {
  if (format === 'gguf') return new Set(['any', 'undeclared', ...tables.labels.values()]);
  return new Set([...PLAIN, ...(names.labels[format] ?? [])]);
}

/** Names the nearest label. The wrong case is the most frequent mistake, and is tried first. */
function nearestLabel(label: string, known: ReadonlySet<string>): string {
  const same = [...known].find((other) => other.toLowerCase() === label.toLowerCase());
  return same === undefined ? nearest(label, known) : ` (write ${same})`;
}
