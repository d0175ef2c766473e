/** One line of a listing -> parsed, extracted, evaluated, spooled. Counts what it throws away, and says why. */
import { parseRecord } from '../crawl/record.ts';
import { extractMetadata } from '../extract/index.ts';
import { factValue, type ModelMetadata } from '../extract/metadata.ts';
import type { Tables } from '../extract/tables.ts';
import { type Known, namesOnce, type Print, type Printer, type PrintTable } from '../lib/fingerprint.ts';
import { placeOf } from '../lib/hash.ts';
import { asciiStringify, parseJson } from '../lib/json.ts';
import { encodeOwn, encodeShared } from '../write/encode.ts';
import { type Entry, idOf, parseHead, volatileOf } from '../write/entry.ts';
import type { LineKeeper } from '../write/kept-lines.ts';
import { listModel, type Runner } from '../write/listed.ts';
import type { Spool } from '../write/spool.ts';
import type { Digest, VerdictTable } from '../write/verdict-table.ts';
import { fieldsOf, type IntakeCounts, Tally, TOO_LONG } from './counts.ts';
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

interface ReadLine {
  readonly line: Buffer;
  readonly text: string;
  /** What the text says; undefined where it is not JSON. */
  readonly input: unknown;
  readonly print: Print | undefined;
}

type Memory = Pick<Entry, 'print' | 'fields' | 'key'>;

const FORGOTTEN: Memory = { print: '', fields: 0, key: '' };

export class Intake {
  readonly #tally = new Tally();
  readonly #options: IntakeOptions;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** A record of a whole listing. */
  takeLine(line: Buffer): void {
    const { known, rest, printer } = this.#options;
    const print = rest === undefined ? undefined : printer.printOf(line);
    const before = print === undefined ? undefined : known?.find(print.name);
    if (print === undefined || before === undefined) {
      const text = line.toString();
      this.#takeNew({ line, text, input: parseJson(text), print });
    } else this.#takeSame(print.name, before, volatileJson(print));
  }

  /** A record of a feed. */
  takeChange(line: Buffer, named: NamedKeys): void {
    const read = this.#read(line);
    const key = keyOf(read.input);
    if (key === undefined) named.nameless += 1;
    else named.add(key);
    if (!isGone(read.input)) this.#takeNew(read);
  }

  /** A record that the last build had to keep, if the feed does not name it. */
  takeKept(line: Buffer, named: ReadonlySet<string>): void {
    const read = this.#read(line);
    if (!named.has(keyOf(read.input) ?? '')) this.#takeNew(read);
  }

  /** A line of the last build's memory, if the feed does not name its record. */
  takeJudged(text: string, named: ReadonlySet<string>): void {
    const { key, print, ...known } = parseHead(text);
    if (!named.has(key || repoKey(idOf(text)))) this.#takeSame(print, known, volatileOf(text));
  }

  #takeSame(print: string, { place, fields }: Known, volatile: string): void {
    this.#tally.addRecord();
    this.#tally.addFields(fields);
    this.#options.spool.addSame({ place, print, volatile });
  }

  #read(line: Buffer): ReadLine {
    const text = line.toString();
    return { line, text, input: parseJson(text), print: this.#options.printer.printOf(line) };
  }

  #takeNew({ line, text, input, print }: ReadLine): void {
    this.#tally.addRecord();
    const clear = print !== undefined && namesOnce(text, print) ? print : undefined;
    if (!this.#takeRecord(input, clear)) this.#options.rest?.add(line);
  }

  /** Whether the next build may do without the record. */
  #takeRecord(input: unknown, print: Print | undefined): boolean {
    if (input === undefined) {
      this.#tally.reject('not JSON', undefined);
      return false;
    }
    const parsed = parseRecord(input);
    if (!parsed.ok) {
      this.#tally.reject(parsed.reason, parsed.id);
      return false;
    }
    this.#tally.addIgnored(parsed.ignored);
    const fields = fieldsOf(parsed.record);
    this.#tally.addFields(fields);
    const model = extractMetadata(parsed.record, this.#options.tables);
    const place = placeOf(model.id);
    if (this.#options.waiting.take(model, place)) return false;
    // A malformed field is counted every night anew.
    const clear = print !== undefined && parsed.ignored.length === 0 && tellsSame(print, model);
    const memory = clear ? { print: print.name, fields, key: objectIdOf(parsed.record) } : FORGOTTEN;
    this.#put(model, place, memory);
    return clear;
  }

  takeTooLong(lines: number): void {
    for (let line = 0; line < lines; line += 1) {
      this.#tally.addRecord();
      this.#tally.reject(TOO_LONG, undefined);
    }
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
      bases: digest.sets.length > 0 && isCopy(model) ? model.baseModels.ids : [],
      id: model.id,
      listed: listed === undefined ? '' : asciiStringify(listed),
      facts: asciiStringify(encodeOwn(model, digest)),
      volatile: volatileJson(numbersOf(model)),
    });
  }

  /** What was counted so far. */
  report(): IntakeCounts {
    return this.#tally.counts();
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
