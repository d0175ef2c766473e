/** Finds the known name that a misspelt one most likely means. */

/** The most letters that may be wrong, missing or added. */
const MOST_EDITS = 3;

/** Returns the nearest of the known names by edits, ignoring case; undefined where none is near. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let fewest = Math.min(MOST_EDITS, Math.floor(name.length / 2)) + 1;
  for (const other of known) {
    if (other === name || Math.abs(other.length - name.length) >= fewest) continue;
    const edits = countEdits(name.toLowerCase(), other.toLowerCase(), fewest);
    if (edits >= fewest) continue;
    fewest = edits;
    nearest = other;
  }
  return nearest;
}

/**
 * Counts the letters to insert, remove or replace to turn one text into the other; returns `limit` where it takes at
 * least that many.
 */
export function countEdits(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    if (Math.min(...next) >= limit) return limit;
    row = next;
  }
  return row[b.length] ?? 0;
}
