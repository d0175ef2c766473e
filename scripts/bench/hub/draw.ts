/** Draws from weights and quantiles, prepared once so that a draw costs a few comparisons. */
import type { Random } from '../random.ts';
import { QUANTILES, type Quantiles, type Weights } from './profile.ts';

export type Draw<T> = (random: Random) => T;

/**
 * Draws items as often as their weights say.
 *
 * @throws Error where there is no item.
 */
export function drawFrom<T>(rows: readonly (readonly [item: T, weight: number])[]): Draw<T> {
  let total = 0;
  const ends = rows.map(([, weight]) => {
    total += weight;
    return total;
  });
  const last = rows.at(-1);
  if (last === undefined) throw new Error('There is nothing to draw from.');
  return (random) => rows[firstAbove(ends, random() * total)]?.[0] ?? last[0];
}

export function drawName(weights: Weights): Draw<string> {
  return drawFrom(Object.entries(weights));
}

/** Draws numbers with these quantiles, evenly between each two of them. */
export function drawNumber(quantiles: Quantiles): Draw<number> {
  return (random) => {
    const share = random();
    const at = Math.max(1, Math.min(QUANTILES.length - 1, firstAbove(QUANTILES, share)));
    const [from = 0, to = 1] = [QUANTILES[at - 1], QUANTILES[at]];
    const [low = 0, high = 0] = [quantiles[at - 1], quantiles[at]];
    return Math.round(low + ((high - low) * (share - from)) / (to - from));
  };
}

/** Returns the place of the first number above a value, in ascending numbers. */
function firstAbove(ascending: readonly number[], value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
