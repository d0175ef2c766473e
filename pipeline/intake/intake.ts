/** One line of a listing -> parsed, extracted, evaluated, spooled. Counts what it throws away, and says why. */
import { type HubRecord, parseRecord } from '../crawl/record.ts';
import { extractMetadata } from '../extract/index.ts';
import { factValue, type ModelMetadata } from '../extract/metadata.ts';
import type { Tables } from '../extract/tables.ts';
import { compareNames } from '../lib/compare.ts';
import { type Known, namesOnce, type Print, type Printer, type PrintTable } from '../lib/fingerprint.ts';
import { placeOf } from '../lib/hash.ts';
import { asciiStringify, parseJson } from '../lib/json.ts';
import { encodeOwn, encodeShared } from '../write/encode.ts';
import { type Entry, idOf, parseHead, volatileOf } from '../write/entry.ts';
import type { LineKeeper } from '../write/kept-lines.ts';
import { listModel, type Runner } from '../write/listed.ts';
import type { Spool } from '../write/spool.ts';
import type { Digest, VerdictTable } from '../write/verdict-table.ts';
import { isGone, keyOf, type NamedKeys, objectIdOf, repoKey } from './feed.ts';
import type { Waiting } from './waiting.ts';

export interface IntakeOptions {
  readonly tables: Tables;
  readonly judge: (model: ModelMetadata) => Digest & { readonly runners: readonly Runner[] };
  readonly spool: Spool;
  readonly waiting: Waiting;
  readonly table: VerdictTable;
  readonly printer: Printer;
  /** Records that were judged by the same rules before. */
  readonly known: PrintTable | undefined;
  /** Where the records are kept that the next build has to read again; undefined: nothing is remembered for it. */
  readonly rest: LineKeeper | undefined;
}

export interface IntakeCounts {
  read: number;
  readonly rejected: Map<string, number>;
  readonly rejectedExamples: string[];
  readonly ignoredFields: Map<string, number>;
  /** Field -> records that have it. */
  readonly fields: Map<string, number>;
}

/** What verdicts rest on, and pages show. */
const COUNTED_FIELDS = [
  'baseModels',
  'cardData',
  'config',
  'configJson',
  'createdAt',
  'gated',
  'gguf',
  'lastModified',
  'library_name',
  'pipeline_tag',
  'safetensors',
  'sha',
  'siblings',
  'tags',
] as const;

/** A bit for each that is there. */
function fieldsOf(record: HubRecord): number {
  let bits = 0;
  for (const [at, name] of COUNTED_FIELDS.entries()) if (record[name] !== undefined) bits |= 1 << at;
  return bits;
}

/** Why such a record is rejected. */
export const TOO_LONG = 'longer than the cap';

/** Rejections shown by name in the report. */
const MOST_EXAMPLES = 20;

type Memory = Pick<Entry, 'print' | 'fields' | 'key'>;

const FORGOTTEN: Memory = { print: '', fields: 0, key: '' };

export class Intake {
  readonly counts: Omit<IntakeCounts, 'fields'> = {
    read: 0,
    rejected: new Map(),
    rejectedExamples: [],
    ignoredFields: new Map(),
  };
  readonly #fields: number[] = COUNTED_FIELDS.map(() => 0);
  readonly #options: IntakeOptions;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** A record of a whole listing. */
  takeLine(line: Buffer): void {
    const { known, rest, printer } = this.#options;
    const print = rest === undefined ? undefined : printer.printOf(line);
    const before = print === undefined ? undefined : known?.find(print.name);
    if (print === undefined || before === undefined) this.#takeNew(line, parseJson(line.toString()), print);
    else this.#takeSame(print.name, before, volatileJson(print));
  }

  /** A record of a feed. */
  takeChange(line: Buffer, named: NamedKeys): void {
    const input = parseJson(line.toString());
    const key = keyOf(input);
    if (key === undefined) named.nameless += 1;
    else named.add(key);
    if (!isGone(input)) this.#takeNew(line, input, this.#options.printer.printOf(line));
  }

  /** A record that the last build had to keep, if the feed does not name it. */
  takeKept(line: Buffer, named: ReadonlySet<string>): void {
    const input = parseJson(line.toString());
    if (!named.has(keyOf(input) ?? '')) this.#takeNew(line, input, this.#options.printer.printOf(line));
  }

  /** A line of the last build's memory, if the feed does not name its record. */
  takeJudged(text: string, named: ReadonlySet<string>): void {
    const { key, print, ...known } = parseHead(text);
    if (!named.has(key || repoKey(idOf(text)))) this.#takeSame(print, known, volatileOf(text));
  }

  #takeSame(print: string, { place, fields }: Known, volatile: string): void {
    this.counts.read += 1;
    this.#countFields(fields);
    this.#options.spool.addSame({ place, print, volatile });
  }

  #takeNew(line: Buffer, input: unknown, print: Print | undefined): void {
    this.counts.read += 1;
    const clear = print !== undefined && namesOnce(line) ? print : undefined;
    if (!this.#takeRecord(input, clear)) this.#options.rest?.add(line);
  }

  /** Whether the next build may do without the record. */
  #takeRecord(input: unknown, print: Print | undefined): boolean {
    if (input === undefined) {
      this.#reject('not JSON', undefined);
      return false;
    }
    const parsed = parseRecord(input);
    if (!parsed.ok) {
      this.#reject(parsed.reason, parsed.id);
      return false;
    }
    for (const name of parsed.ignored) add(this.counts.ignoredFields, name);
    const fields = fieldsOf(parsed.record);
    this.#countFields(fields);
    const model = extractMetadata(parsed.record, this.#options.tables);
    const place = placeOf(model.id);
    if (this.#options.waiting.take(model, place)) return false;
    // A malformed field is counted every night anew.
    const clear = print !== undefined && parsed.ignored.length === 0 && tellsSame(print, model);
    const memory = clear ? { print: print.name, fields, key: objectIdOf(parsed.record) } : FORGOTTEN;
    this.#put(model, place, memory);
    return clear;
  }

  #countFields(fields: number): void {
    for (let at = 0; at < COUNTED_FIELDS.length; at += 1)
      if ((fields >>> at) & 1) this.#fields[at] = (this.#fields[at] ?? 0) + 1;
  }

  takeTooLong(lines: number): void {
    for (let line = 0; line < lines; line += 1) {
      this.counts.read += 1;
      this.#reject(TOO_LONG, undefined);
    }
  }

  #reject(reason: string, id: string | undefined): void {
    add(this.counts.rejected, reason);
    // Sorted and cut at the end, so that the order of the input does not show.
    if (id !== undefined) this.counts.rejectedExamples.push(`${reason}: ${JSON.stringify(id.slice(0, 100))}`);
    if (this.counts.rejectedExamples.length > MOST_EXAMPLES * 50) this.#trimExamples();
  }

  /** A model of which everything is known, and whose record the next build has to read again. */
  take(model: ModelMetadata): void {
    this.#put(model, placeOf(model.id), FORGOTTEN);
  }

  #put(model: ModelMetadata, place: number, { print, fields, key }: Memory): void {
    const { judge, spool, table, tables } = this.#options;
    const digest = judge(model);
    const { allowed, runners } = digest;
    const listed = allowed ? listModel(model, runners, tables.bitsPerWeight) : undefined;
    spool.add({
      print,
      fields,
      place,
      context: factValue(model.contextLength),
      key,
      lastModified: model.lastModified,
      allowed,
      row: table.keyOf(digest, encodeShared(model)),
      bases: allowed && isCopy(model) ? model.baseModels.ids : [],
      id: model.id,
      listed: listed === undefined ? '' : asciiStringify(listed),
      facts: asciiStringify(encodeOwn(model, digest)),
      volatile: volatileJson(numbersOf(model)),
    });
  }

  /** What was counted so far. */
  report(): IntakeCounts {
    this.#trimExamples();
    const fields = COUNTED_FIELDS.map((name, at) => [name, this.#fields[at] ?? 0] as const);
    return { ...this.counts, fields: new Map(fields.filter(([, n]) => n > 0)) };
  }

  #trimExamples(): void {
    this.counts.rejectedExamples.sort();
    this.counts.rejectedExamples.length = Math.min(this.counts.rejectedExamples.length, MOST_EXAMPLES);
  }
}

type Volatile = Pick<Print, 'downloads' | 'likes' | 'trendingScore'>;

function volatileJson({ downloads, likes, trendingScore }: Volatile): string {
  return `[${downloads},${likes},${trendingScore}]`;
}

function numbersOf({ downloads, likes, trendingScore }: ModelMetadata): Volatile {
  return { downloads: numberOr(downloads), likes: numberOr(likes), trendingScore: numberOr(trendingScore) };
}

/** Whether the numbers that were found without reading the record are those that it states. */
function tellsSame(print: Print, model: ModelMetadata): boolean {
  const { downloads, likes, trendingScore } = numbersOf(model);
  return downloads === print.downloads && likes === print.likes && trendingScore === print.trendingScore;
}

/** The same model stored otherwise, not trained further. */
function isCopy({ baseModels }: ModelMetadata): boolean {
  return baseModels.relation === 'quantized';
}

function numberOr(value: number | 'unknown'): number {
  return value === 'unknown' ? -1 : value;
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** What is counted of lines that are longer than the cap, and nothing else. */
export function countTooLong(lines: number): IntakeCounts {
  const rejected = new Map(lines === 0 ? [] : [[TOO_LONG, lines]]);
  return { read: lines, rejected, rejectedExamples: [], ignoredFields: new Map(), fields: new Map() };
}

/** The counts of several, as if one had read everything. */
export function mergeCounts(all: readonly IntakeCounts[]): IntakeCounts {
  const sum = (mapOf: (counts: IntakeCounts) => ReadonlyMap<string, number>) => {
    const merged = new Map<string, number>();
    for (const counts of all)
      for (const [name, n] of mapOf(counts)) merged.set(name, (merged.get(name) ?? 0) + n);
    return new Map([...merged].sort(([a], [b]) => compareNames(a, b)));
  };
  return {
    read: all.reduce((read, counts) => read + counts.read, 0),
    rejected: sum((counts) => counts.rejected),
    rejectedExamples: all
      .flatMap((counts) => counts.rejectedExamples)
      .sort()
      .slice(0, MOST_EXAMPLES),
    ignoredFields: sum((counts) => counts.ignoredFields),
    fields: sum((counts) => counts.fields),
  };
}
