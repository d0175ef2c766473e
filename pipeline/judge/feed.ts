/** A feed holds only the records that changed since the last build; it stands for the rest by not naming it. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { field } from '../lib/json.ts';

const OBJECT_ID = /^[0-9a-f]{24}$/;

/** `_id` of a record, by which the Hub knows a repository whatever it is called; '' where it has none. */
export function objectIdOf(record: unknown): string {
  const _id = field(record, '_id');
  return typeof _id === 'string' && OBJECT_ID.test(_id) ? _id : '';
}

/** What names a record in a feed: its `_id`, else its repo id; undefined where it has neither. */
export function keyOf(record: unknown): string | undefined {
  const id = field(record, 'id');
  return objectIdOf(record) || (typeof id === 'string' ? repoKey(id) : undefined);
}

/** A repo id may look like an `_id`, but none begins like this. */
export function repoKey(id: string): string {
  return `repo ${id}`;
}

/** `{"_id": "...", "gone": true}`: the repository is not there any more. */
export function isGone(record: unknown): boolean {
  return field(record, 'gone') === true;
}

/** Keys of the records that a feed names, from one of several that read it. */
export class NamedKeys {
  /** Lines that name no record: nobody can tell what they change. */
  nameless = 0;
  readonly #path: string;
  readonly #keys: string[] = [];

  /** `writer` tells those apart that write into one folder. */
  constructor(dir: string, writer: number) {
    mkdirSync(dir, { recursive: true });
    this.#path = join(dir, `${writer}.json`);
  }

  add(key: string): void {
    this.#keys.push(key);
  }

  /** Everything is on the disk when this returns. */
  flush(): void {
    writeFileSync(this.#path, JSON.stringify(this.#keys));
  }
}

/** The keys by all who read the feed. */
export function readNamedKeys(dir: string): Set<string> {
  const all = readdirSync(dir).map((name) => JSON.parse(readFileSync(join(dir, name), 'utf8')) as string[]);
  return new Set(all.flat());
}
