/** The sentences of guards: what is wrong, by how much, and the limit. The command that accepts the night follows them. */
import { percent } from './night.ts';

const inPercent = (part: number, all: number) => `${percent(part, all).toFixed(1)} %`;
const limitOf = (share: number) => `the limit is ${share * 100} %`;
/** Formats a number of things: `1 field`, `2 fields`. */
const some = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

/** `left` of `before` models would leave the allowlist, which would hold `now`. */
export function leaving(left: number, before: number, now: number, maxShare: number): string {
  return `${left} of ${some(before, 'model')} would leave the allowlist (${inPercent(left, before)}), and ${limitOf(maxShare)}. ${now} would be left.`;
}

export function joining(came: number, before: number, maxShare: number): string {
  return `${some(came, 'model')} would join an allowlist of ${before} (+${inPercent(came, before)}), and ${limitOf(maxShare)}.`;
}

export const noGateWorkerAnyMore = (id: string) => `${id} is not a gate worker any more`;
export const newGateWorker = (id: string) => `${id} was not a gate worker last night`;

export function familiesLost(lost: number, floorModels: number, allowed: number): string {
  const have = lost === 1 ? 'has' : 'have';
  return `${some(lost, 'family', 'families')} of which gate workers ran at least ${some(floorModels, 'model')} last night ${have} none tonight, and the limit is 0 families. ${some(allowed, 'model')} would be on the allowlist.`;
}

export const familyLost = (family: string, runs: number) =>
  `${family}: ${some(runs, 'model')} last night, none now`;

export function fieldsDropped(fields: number): string {
  return `${some(fields, 'field is', 'fields are')} in fewer records than last time, by more than the limit.`;
}

/** `now` and `before`: the percentages of records that have the field. `limit`: in words. */
export function fieldDropped(field: string, now: number, before: number, limit: string): string {
  return `${now.toFixed(1)} % of the records have the field ${field}, ${before.toFixed(1)} % had it last time: a drop of more than ${limit}`;
}

export function outDamaged(files: number): string {
  return `${some(files, 'file')} of the last out/ ${files === 1 ? 'is' : 'are'} damaged, so tonight cannot be compared with it. Restore a complete out/, or accept a night without guards.`;
}

export const fileDamaged = (path: string) => `${path} differs from what its manifest states`;

export function controlsFail(failed: number, all: number): string {
  return `${failed} of ${some(all, 'control')} in data/controls.json ${failed === 1 ? 'fails' : 'fail'}. If the data is right, change the control on the line that is named.`;
}

export const mustBeOut = (place: string, repo: string, why: string) =>
  `${place}: ${repo} must not be on the allowlist, but it is. ${why}`;

/** `codes`: of its refusal; undefined where the Hub does not list it. */
export function mustBeIn(place: string, repo: string, why: string, codes?: readonly string[]): string {
  const fate = codes === undefined ? 'the Hub does not list it' : `it is refused: ${codes.join(', ')}`;
  return `${place}: ${repo} must be on the allowlist, but ${fate}. ${why}`;
}

export function shardsTooLong(shards: number, maxBytes: number): string {
  return `${some(shards, 'data shard is', 'data shards are')} longer than ${maxBytes} bytes without the longest line.`;
}

export const lineTooLong = (path: string, bytes: number, maxBytes: number) =>
  `${path}: one line has ${bytes} bytes, and the limit is ${maxBytes}`;
export const shardTooLong = (path: string, bytes: number, maxBytes: number) =>
  `${path}: ${bytes} bytes, and the limit is ${maxBytes}`;

export function outGrows(before: number, now: number, maxShare: number): string {
  return `out/ grows from ${before} to ${now} bytes (+${inPercent(now - before, before)}), and ${limitOf(maxShare)}.`;
}

/** Returns the first line about a night that guards stopped. */
export function stopped(guards: number): string {
  return `${guards === 1 ? 'a guard' : `${guards} guards`} stopped this build: nothing is published, and the last out/ is kept (the limits are in data/limits.json).`;
}

export const howToAccept = (command: string) => `If this is right, accept it with: ${command}`;
