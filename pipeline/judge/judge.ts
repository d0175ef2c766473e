/**
 * Judges the lines of a listing: reads the records, their facts and their verdicts, and puts an entry of each into its
 * partition on disk.
 */
import { join } from 'node:path';
import type { Tables } from '../data/tables.ts';
import type { Worker } from '../data/worker.ts';
import { extractMetadata } from '../extract/index.ts';
import type { ModelMetadata } from '../extract/metadata.ts';
import { type HubRecord, type ParsedRecord, parseRecord } from '../extract/record.ts';
import { encodeOwn, encodeShared } from '../format/encode.ts';
import { prefixOf } from '../format/prefix-of.ts';
import { asciiStringify, field, parseJson } from '../lib/json.ts';
import { fieldsOf, type RecordCounts, Tally } from './counts.ts';
import { type Entry, formatEntry } from './entry.ts';
import { baseToAsk, InheritanceWriter } from './inherit.ts';
import { type Judgement, rememberJudgements } from './judgements.ts';
import { listModel } from './listed.ts';
import { groupByMemory, type Sizing } from './needs.ts';
import { PartitionWriter, partitionOf } from './partitions.ts';
import { type SentTable, VerdictTable } from './verdict-table.ts';
import { type WantedDetails, WantedList, wantedDetail } from './wanted.ts';

export interface JudgeSetup {
  readonly workers: readonly Worker[];
  /** The places of the gate workers among the workers. */
  readonly gate: readonly number[];
  readonly tables: Tables;
  /** The folder of the partitions. */
  readonly dir: string;
  /** The number that separates this thread's files from those of the others in the same folder. */
  readonly writer: number;
  /** The most wanted details that are kept; undefined where details cannot be fetched. */
  readonly detailBudget: number | undefined;
}

export interface JudgeReport {
  readonly counts: RecordCounts;
  readonly table: SentTable;
}

/** The reason for rejecting a record that is longer than the cap. */
const TOO_LONG = 'longer than the cap';
const OUR_ERROR = 'an error in our code';
const NOT_JSON: ParsedRecord = { ok: false, reason: 'not JSON', id: undefined };

/** A record on its way through the stages. */
interface Taken {
  /** The parsed JSON of the line; undefined where it is none. */
  readonly input: unknown;
  /** The pass of its entry. */
  readonly pass: 0 | 1;
}
interface Checked extends Taken {
  readonly record: HubRecord;
}
interface Read extends Checked {
  readonly model: ModelMetadata;
}
interface Judged extends Read {
  /** Undefined of a repository that is gone. */
  readonly judgement: Judgement | undefined;
}

/**
 * The bytes of the records that pass through a stage before the next begins. The code of all stages together is larger than
 * the caches of a processor: record by record takes a third more time. Batches eight times as large outlive collections of
 * the young heap, and take a tenth more.
 */
const BATCH_BYTES = 64 * 1024;

/** Judges one thread's share of a listing. */
export class Judge {
  readonly #setup: JudgeSetup;
  readonly #tally = new Tally();
  readonly #table = new VerdictTable();
  readonly #entries: PartitionWriter;
  readonly #inheritance: InheritanceWriter;
  readonly #sizing: Sizing;
  readonly #judgementOf: (model: ModelMetadata) => Judgement;
  #wanted: WantedList | undefined;
  #taken: Taken[] = [];
  #takenBytes = 0;

  constructor(setup: JudgeSetup) {
    const { workers, gate, detailBudget } = setup;
    this.#setup = setup;
    this.#entries = new PartitionWriter(entriesDir(setup.dir), setup.writer);
    this.#inheritance = new InheritanceWriter(setup.dir, setup.writer);
    this.#wanted = detailBudget === undefined ? undefined : new WantedList(detailBudget);
    const groups = groupByMemory(workers);
    this.#sizing = { groups, bitsPerWeight: setup.tables.bitsPerWeight };
    this.#judgementOf = rememberJudgements({ workers, gate, groups, table: this.#table });
  }

  /**
   * Takes a record, and judges it together with the next ones. `again` is true for one that was judged before, and has new
   * details since.
   */
  takeLine(line: Buffer, again: boolean): void {
    if (!again) this.#tally.addRecord();
    this.#taken.push({ input: parseJson(line.toString()), pass: again ? 1 : 0 });
    this.#takenBytes += line.length;
    if (this.#takenBytes >= BATCH_BYTES) this.#judgeTaken();
  }

  /** Judges the records that were taken, stage by stage. */
  #judgeTaken(): void {
    const taken = this.#taken;
    this.#taken = [];
    this.#takenBytes = 0;
    const checked = this.#each(taken, (item) => this.#check(item));
    const read = this.#each(checked, (item) => this.#read(item));
    const judged = this.#each(read, (item) => this.#judge(item));
    this.#each(judged, (item) => this.#put(item));
  }

  /**
   * Passes items through a stage, and returns the results that are not undefined. An item that makes our own code throw
   * is rejected.
   */
  #each<T extends Taken, R>(items: readonly T[], stage: (item: T) => R | undefined): R[] {
    const results: R[] = [];
    for (const item of items) {
      try {
        const result = stage(item);
        if (result !== undefined) results.push(result);
      } catch (error) {
        if (isSystemError(error)) throw error;
        this.#rejectForOurError(item.input, error);
      }
    }
    return results;
  }

  addTooLong(lines: number): void {
    for (let line = 0; line < lines; line += 1) {
      this.#tally.addRecord();
      this.#tally.reject(TOO_LONG, undefined);
    }
  }

  #check({ input, pass }: Taken): Checked | undefined {
    const parsed = input === undefined ? NOT_JSON : parseRecord(input);
    if (!parsed.ok) {
      this.#tally.reject(parsed.reason, parsed.id);
      return undefined;
    }
    if (pass === 0) this.#tally.addIgnored(parsed.ignored);
    return { input, pass, record: parsed.record };
  }

  #read({ input, pass, record }: Checked): Read {
    return { input, pass, record, model: extractMetadata(record, this.#setup.tables) };
  }

  #judge({ input, pass, record, model }: Read): Judged {
    const isGone = pass === 1 && record.gone === true;
    return { input, pass, record, model, judgement: isGone ? undefined : this.#judgementOf(model) };
  }

  #put({ pass, record, model, judgement }: Judged): void {
    const prefix = prefixOf(model.id);
    if (judgement === undefined) {
      this.#putGone(model, prefix);
      return;
    }
    const base = baseToAsk(model);
    const asks = base !== undefined;
    const entry = this.#entryOf(model, judgement, { prefix, pass, fields: fieldsOf(record), asks });
    // From here on only the disk can fail: a record is either judged whole or rejected.
    this.#inheritance.tell(model, prefix, pass);
    if (base !== undefined) this.#inheritance.ask(base, model.id);
    if (pass === 0) this.#noteWanted(record, model, judgement);
    this.#add(entry);
  }

  #putGone({ id, lastModified }: ModelMetadata, prefix: number): void {
    this.#inheritance.takeBack(id, prefix, { lastModified, pass: 1 });
    this.#add({ ...GONE, id, lastModified, prefix });
  }

  #entryOf(
    model: ModelMetadata,
    judgement: Judgement,
    { prefix, pass, fields, asks }: Pick<Entry, 'prefix' | 'pass' | 'fields'> & { readonly asks: boolean },
  ): Entry {
    const { allowed, sets, list } = judgement;
    const shared = encodeShared(model);
    // Written out: to spread one object into another of this size takes microseconds.
    return {
      prefix,
      pass,
      fields,
      lastModified: model.lastModified,
      allowed,
      runs: sets.length > 0,
      gone: false,
      row: this.#table.keyOf(judgement, shared),
      downloads: numberOr(model.downloads),
      bases: sets.length > 0 && model.baseModels.relation === 'quantized' ? model.baseModels.ids : [],
      id: model.id,
      listed: allowed ? listModel(model, judgement, asks, this.#sizing) : '',
      pending: asks ? `${list} ${shared}` : '',
      facts: asciiStringify(encodeOwn(model, judgement)),
      volatile: `[${numberOr(model.downloads)},${numberOr(model.likes)},${numberOr(model.trendingScore)}]`,
    };
  }

  #add(entry: Entry): void {
    this.#entries.add(partitionOf(entry.prefix), `${formatEntry(entry)}\n`);
  }

  #noteWanted(record: HubRecord, model: ModelMetadata, { allowed, candidate, sets }: Judgement): void {
    if (this.#wanted === undefined || !(candidate || sets.length > 0)) return;
    const wanted = wantedDetail(record, model, { allowed, candidate });
    if (wanted !== undefined) this.#wanted.add(wanted);
  }

  #rejectForOurError(input: unknown, error: unknown): void {
    const id = field(input, 'id');
    const message = error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
    this.#tally.reject(
      OUR_ERROR,
      typeof id === 'string' ? id : '',
      `: ${JSON.stringify(message.slice(0, 200))}`,
    );
  }

  /** Returns the details that are wanted so far, and forgets them. */
  takeWanted(): WantedDetails {
    this.#judgeTaken();
    const wanted = this.#wanted?.list() ?? { details: [], left: 0, leftOthers: 0 };
    this.#wanted = undefined;
    return wanted;
  }

  /** Judges the last records, and puts everything on disk, where all threads find it. */
  flush(): void {
    this.#judgeTaken();
    this.#entries.flush();
    this.#inheritance.flush();
  }

  /** Answers the questions of copies about the bases in one partition. All threads must have flushed before. */
  answer(partition: number): void {
    this.#inheritance.answer(partition);
  }

  /** Puts the answers on disk, and returns what was judged. */
  report(): JudgeReport {
    this.#inheritance.flushAnswers();
    return { counts: this.#tally.counts(), table: this.#table.send() };
  }
}

const GONE: Omit<Entry, 'prefix' | 'id' | 'lastModified'> = {
  pass: 1,
  fields: 0,
  allowed: false,
  runs: false,
  gone: true,
  row: '',
  downloads: -1,
  bases: [],
  listed: '',
  pending: '',
  facts: '',
  volatile: '',
};

function numberOr(value: number | 'unknown'): number {
  return value === 'unknown' ? -1 : value;
}

/** Tells whether the system failed, as on a full disk: that stops the build, and is no fault of the record. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

/** The folder of the entries in the folder of the partitions. */
export const entriesDir = (dir: string) => join(dir, 'entries');
