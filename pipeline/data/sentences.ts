/** The sentences about files in data/ and names of workers: the file, the field, what was found, and what to write. */

const nearest = (near: string | undefined) => (near === undefined ? '' : `; the nearest name is ${near}`);

export const noWorkerFile = (pattern: string) =>
  `No worker file matches ${pattern}. Worker files are in data/workers.`;
export const NO_WORKERS_NAMED = '--workers needs ids of workers or patterns of their files.';

/** `programs`: all that there are. */
export function noSuchWorker(name: string, near: string | undefined, programs: readonly string[]): string {
  const hint = near === undefined ? `; the programs are ${programs.join(', ')}` : nearest(near);
  return `There is no worker, program or backend ${name}${hint}.`;
}

export function fileNotLookedFor(path: string, at: number, file: string): string {
  return `${path}: accepts[${at}] asks for the file ${file}, which the pipeline does not look for. Add it to COMPANIONS in pipeline/data/vocabulary.ts or remove it.`;
}

export const describedTwice = (id: string) =>
  `Two worker files describe ${id}; rename the program in one of them, or remove one.`;

export function inheritsInCircle(path: string, chain: readonly string[]): string {
  return `${path}: found programs that inherit from each other, ${chain.join(' -> ')}; state the lists in one of them.`;
}

export const formatNotInherited = (path: string, program: string, format: string) =>
  `${path}: found ${program}, which accepts nothing in the format ${format}; name a program that has.`;
export const programUnknown = (path: string, program: string, near: string | undefined) =>
  `${path}: found ${program}, which no file in data/workers describes${nearest(near)}.`;
export const evidenceUnknown = (path: string, program: string, near: string | undefined) =>
  `${path}: found ${program}, which has no file in data/evidence${nearest(near)}.`;

/** `problems`: a line for each field. */
export const wrongFields = (path: string, problems: string) =>
  `${path} has wrong or missing fields; correct them in this file:\n${problems}`;
/** `error`: where the JSON ends to be JSON, in a sentence. */
export const notJson = (error: string) => `${error} Correct the JSON of this file.`;
