/** Random numbers, words and choices that are the same for the same seed. */
export type Random = () => number;

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

export function word(random: Random, length: number): string {
  return Array.from({ length }, () => LETTERS[Math.floor(random() * 26)]).join('');
}

export function prose(random: Random, length: number): string {
  return `${word(random, 6)} `.repeat(Math.ceil(length / 7));
}

export function hex(random: Random, length: number): string {
  return Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
}

export function weighted<T>(rows: readonly T[], weightOf: (row: T) => number, random: Random): T {
  let left = random() * rows.reduce((all, row) => all + weightOf(row), 0);
  for (const row of rows) {
    left -= weightOf(row);
    if (left < 0) return row;
  }
  return rows[0] as T;
}

/** Returns numbers from 0 to 1 that depend on nothing but the three arguments (mulberry32 over a mixed start). */
export function randomOf(seed: number, n: number, stream: number): Random {
  let state = Math.imul(
    seed ^ Math.imul(n + 1, 0x9e37_79b1) ^ Math.imul(stream + 1, 0x85eb_ca6b),
    0xc2b2_ae35,
  );
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
