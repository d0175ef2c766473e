/** Entries on their way to the data shards: parted by place on the disk, so that memory does not grow with them. */
import { PartedWriter, partitionOf, readPartition } from '../lib/partitions.ts';
import { type JudgedSource, readJudged } from '../write/judged.ts';
import {
  type Entry,
  formatEntry,
  idOf,
  parseEntry,
  parseHead,
  type ReadEntry,
  withVolatile,
} from './entry.ts';

/** Begins the line of a record whose entry stands in the judged folder, but for the volatile facts. */
const SAME = '=';

export class Spool {
  count = 0;
  readonly #writer: PartedWriter;

  /** `writer` tells those apart that write into one folder. */
  constructor(dir: string, writer: number) {
    this.#writer = new PartedWriter(dir, writer);
  }

  add(entry: Entry): void {
    this.#writer.add(partitionOf(entry.place), `${formatEntry(entry)}\n`);
    this.count += 1;
  }

  /** A record that says what it said before, but for the volatile facts. */
  addSame({ place, print, volatile }: Pick<Entry, 'place' | 'print' | 'volatile'>): void {
    this.#writer.add(partitionOf(place), `${SAME}${print}\t${volatile}\n`);
    this.count += 1;
  }

  /** Everything is on the disk when this returns. */
  flush(): void {
    this.#writer.flush();
  }
}

/** The entries of a partition, doubles among them, in any order. */
export function readSpool(dir: string, partition: number, judged: JudgedSource | undefined): ReadEntry[] {
  const known = judged === undefined ? undefined : byPrint(judged, partition);
  return readPartition(dir, partition).map((line) => parseEntry(entryOf(line, known)));
}

/** Of the models that say what they said before: id and context length, where it is known. */
export function* sameContexts(
  dir: string,
  partition: number,
  judged: JudgedSource,
): Generator<readonly [id: string, tokens: number]> {
  const known = byPrint(judged, partition);
  for (const line of readPartition(dir, partition)) {
    if (!line.startsWith(SAME)) continue;
    const text = entryOf(line, known);
    const { context } = parseHead(text);
    if (context !== undefined) yield [idOf(text), context];
  }
}

function byPrint(judged: JudgedSource, partition: number): Map<string, string> {
  return new Map(readJudged(judged, partition).map((line) => [line.slice(0, line.indexOf('\t')), line]));
}

function entryOf(line: string, known: ReadonlyMap<string, string> | undefined): string {
  if (!line.startsWith(SAME)) return line;
  const [print = '', volatile = ''] = line.slice(SAME.length).split('\t');
  const text = known?.get(print);
  if (text === undefined) throw new Error(`The judged folder has no record ${print}.`);
  return withVolatile(text, volatile);
}
