/** The most downloaded of what came, went and changed tonight: what a person reads of changes.json. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { partName } from '../format/hash-prefix.ts';
import type { Changes } from '../format/schema.ts';
import { compareNames } from '../lib/compare.ts';
import { groupBy } from '../lib/group.ts';
import { placeOf } from '../lib/hash.ts';
import { field, parseJson } from '../lib/json.ts';
import type { Layout } from '../write/part.ts';

const MOST_SHOWN = 50;

type Downloaded<T> = T & { readonly downloads: number };

export interface Highlights {
  readonly added: readonly Downloaded<Changes['added'][number]>[];
  readonly removed: readonly Downloaded<Changes['removed'][number]>[];
  readonly changed: readonly Downloaded<Changes['changed'][number]>[];
}

/** An out/, or the next one while it is being written. */
export interface Place {
  readonly dir: string;
  readonly layout: Layout;
}

/** `before`: where downloads of models that are gone stand; undefined where there is no last out/. */
export function pickHighlights(changes: Changes, before: Place | undefined, now: Place): Highlights {
  return {
    added: mostDownloaded(changes.added, now),
    removed: before === undefined ? [] : mostDownloaded(changes.removed, before),
    changed: mostDownloaded(changes.changed, now),
  };
}

/** File by file: of millions of models one file of downloads is held at a time, and parsed once. */
function mostDownloaded<T extends { readonly id: string }>(
  changes: readonly T[],
  { dir, layout }: Place,
): Downloaded<T>[] {
  let best: Downloaded<T>[] = [];
  for (const [file, group] of groupBy(changes, ({ id }) => partName(placeOf(id), layout.volatileBits))) {
    const volatile = parseJson(read(dir, `volatile/${file}.json`));
    for (const [shard, some] of groupBy(group, ({ id }) => partName(placeOf(id), layout.shardBits))) {
      const wanted = new Set(some.map(({ id }) => id));
      const downloads = downloadsOf(read(dir, `models/${shard}.jsonl`), field(volatile, shard), wanted);
      const found = some.map((change) => ({ ...change, downloads: downloads.get(change.id) ?? 0 }));
      best = [...best, ...found]
        .sort((a, b) => b.downloads - a.downloads || compareNames(a.id, b.id))
        .slice(0, MOST_SHOWN);
    }
  }
  return best;
}

/** Downloads of the wanted models of a data shard; those that are unknown are left out. */
function downloadsOf(lines: string, facts: unknown, wanted: ReadonlySet<string>): Map<string, number> {
  const downloads = new Map<string, number>();
  for (const [at, line] of lines.split('\n').entries()) {
    const id = line.slice(2, line.indexOf('"', 2));
    const [count] = (Array.isArray(facts) ? facts[at] : undefined) ?? [];
    if (wanted.has(id) && typeof count === 'number' && count >= 0) downloads.set(id, count);
  }
  return downloads;
}

function read(dir: string, path: string): string {
  const full = join(dir, path);
  return existsSync(full) ? readFileSync(full, 'utf8') : '';
}
