/**
 * Resolves lists that programs share and that are written once: a way in, or evidence, may inherit that of
 * another program by its name.
 */

import { DataError } from '../lib/errors.ts';
import { nearestName } from '../lib/nearest.ts';
import * as say from './sentences.ts';
import type { EvidenceFile, FirstSeen, StatedAccept, WholeAccept, WorkerFile } from './worker-schema.ts';

/** Programs by id, each with the files that describe it. */
export type Programs = ReadonlyMap<string, readonly WorkerFile[]>;

export function byProgram(files: readonly WorkerFile[]): Programs {
  const programs = new Map<string, WorkerFile[]>();
  for (const file of files) programs.set(file.program, [...(programs.get(file.program) ?? []), file]);
  return programs;
}

/** The programs and names that inheritance is resolved against. */
export interface Inheritance {
  readonly programs: Programs;
  readonly firstSeen: FirstSeen;
}

/**
 * Returns the ways in of a file with what they inherit. Names that appeared after the day of the file's facts
 * are not inherited: the program that it is built on had them later.
 *
 * @throws DataError naming the file and the field, for a program that is missing, has no such format, or
 * leads in a circle.
 */
export function wholeAccepts(
  path: string,
  file: WorkerFile,
  { programs, firstSeen }: Inheritance,
): WholeAccept[] {
  return file.accepts.map((stated, at) => {
    const place = {
      path: `${path}: accepts[${at}].inherits`,
      programs,
      chain: [`${file.program} ${stated.format}`],
    };
    const whole = wholeAccept(stated, place);
    if (stated.inherits === undefined || stated.match !== undefined) return whole;
    const newer = newerThan(file.facts.date, whole.match.by, firstSeen);
    const names = whole.match.names.filter((name) => !newer.includes(name));
    return { ...whole, match: { ...whole.match, names } };
  });
}

/** The names of one kind that appeared after a day. */
export function newerThan(
  day: string,
  by: WholeAccept['match']['by'],
  firstSeen: FirstSeen,
): readonly string[] {
  return Object.entries(firstSeen[by] ?? {}).flatMap(([seen, names]) => (seen > day ? names : []));
}

interface Place {
  /** File and field, for messages. */
  readonly path: string;
  readonly programs: Programs;
  readonly chain: readonly string[];
}

function wholeAccept(stated: StatedAccept, place: Place): WholeAccept {
  const {
    inherits,
    inheritsFormat,
    alsoNames = [],
    exceptNames = [],
    exceptQuantizations = [],
    ...own
  } = stated;
  if (inherits === undefined) return { ...own, exceptQuantizations } as WholeAccept;
  const wanted = inheritsFormat ?? own.format;
  refuseCircle(`${inherits} ${wanted}`, place);
  const files = place.programs.get(inherits) ?? [];
  const parent = files.flatMap(({ accepts }) => accepts).find(({ format }) => format === wanted);
  if (parent === undefined) throw missing(inherits, wanted, place);
  const chain = [...place.chain, `${inherits} ${wanted}`];
  const { onlyOn: _, ...whole } = wholeAccept(parent, { ...place, chain });
  const names = whole.match.names.filter((name) => !exceptNames.includes(name));
  return {
    ...whole,
    match: { ...whole.match, names: [...names, ...alsoNames] },
    ...own,
    exceptQuantizations: [...whole.exceptQuantizations, ...exceptQuantizations],
  } as WholeAccept;
}

function refuseCircle(name: string, { path, chain }: Pick<Place, 'path' | 'chain'>): void {
  if (chain.includes(name)) throw new DataError(say.inheritsInCircle(path, [...chain, name]));
}

function missing(name: string, format: string, { path, programs }: Place): DataError {
  if (programs.has(name)) return new DataError(say.formatNotInherited(path, name, format));
  return new DataError(say.programUnknown(path, name, nearestName(name, programs.keys())));
}

/**
 * Returns the evidence files that count for a program, its own first, then those of what it is built on.
 *
 * @throws DataError for a program without evidence of its own, or that leads in a circle.
 */
export function evidenceChain(file: EvidenceFile, files: ReadonlyMap<string, EvidenceFile>): EvidenceFile[] {
  const chain = [file];
  for (let { inherits } = file; inherits !== undefined; ) {
    const path = `data/evidence/${chain.at(-1)?.program}.json: inherits`;
    refuseCircle(inherits, { path, chain: chain.map(({ program }) => program) });
    const parent = files.get(inherits);
    if (parent === undefined)
      throw new DataError(say.evidenceUnknown(path, inherits, nearestName(inherits, files.keys())));
    chain.push(parent);
    inherits = parent.inherits;
  }
  return chain;
}
