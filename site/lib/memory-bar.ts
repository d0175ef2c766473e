/** The memory of a model on a device as a bar: its parts, and what stays free. */
import { gigabytes } from './words.ts';

/** The bytes that a model takes. */
export interface TakenMemory {
  readonly weightBytes: number | 'unknown';
  readonly cacheBytes: number | 'unknown';
  readonly overheadBytes: number;
}

export interface BarPart {
  readonly name: 'weights' | 'cache' | 'overhead' | 'free' | 'system';
  /** The name and the size, as the legend shows them. */
  readonly words: string;
  /** The place where it begins and its width, in percent of the device. */
  readonly x: number;
  readonly width: number;
}

const WORDS: Readonly<Record<BarPart['name'], string>> = {
  weights: 'weights',
  cache: 'cache',
  overhead: 'overhead',
  free: 'free',
  system: 'left to the system',
};

/**
 * Returns the parts in their order; nothing where they do not fit the part of the device that the worker can use, or
 * the weights are not known.
 *
 * @param usableBytes The bytes that the worker can use, as `usableBytes` of `evaluate/` gives them.
 */
export function barParts(memory: TakenMemory, deviceGb: number, usableBytes: number): BarPart[] {
  const { weightBytes, cacheBytes, overheadBytes } = memory;
  if (weightBytes === 'unknown') return [];
  const cache = cacheBytes === 'unknown' ? 0 : cacheBytes;
  const device = deviceGb * 1e9;
  const free = usableBytes - weightBytes - cache - overheadBytes;
  if (free < 0) return [];
  const sizes = [
    ['weights', weightBytes],
    ['cache', cache],
    ['overhead', overheadBytes],
    ['free', free],
    ['system', device - usableBytes],
  ] as const;
  let x = 0;
  return sizes.flatMap(([name, bytes]): BarPart[] => {
    const width = (bytes / device) * 100;
    const part = { name, words: `${WORDS[name]} ${gigabytes(bytes)}`, x: round(x), width: round(width) };
    x += width;
    return bytes > 0 ? [part] : [];
  });
}

const round = (percent: number) => Math.round(percent * 100) / 100;
