/** The places of an out/ while it is being replaced. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

export const MANIFEST = 'manifest.json';

/** Returns the name of the last out/ between the two renames of a publish. */
export function previousOf(out: string): string {
  return `${resolve(out)}.previous`;
}

/**
 * Returns the path of the last out/: a kill between the two renames of a publish leaves it under its second
 * name.
 */
export function lastOut(out: string): string {
  const previous = previousOf(out);
  return !existsSync(out) && existsSync(previous) ? previous : out;
}
