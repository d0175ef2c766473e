/**
 * Judges one line of a listing: reads the record, its facts and its verdicts, and puts an entry into its partition on
 * disk.
 */
import { join } from 'node:path';
import type { Tables } from '../data/tables.ts';
import type { Worker } from '../data/worker.ts';
import { type Folded, unfoldPlace, unfoldPlaces } from '../evaluate/fold.ts';
import { rememberVerdicts } from '../evaluate/memo.ts';
import { extractMetadata } from '../extract/index.ts';
import type { Format, ModelMetadata } from '../extract/metadata.ts';
import { type HubRecord, type ParsedRecord, parseRecord } from '../extract/record.ts';
import { encodeOwn, encodeShared } from '../format/encode.ts';
import type { EncodedSet } from '../format/encoding.ts';
import { prefixOf } from '../format/prefix-of.ts';
import { asciiStringify, field, parseJson } from '../lib/json.ts';
import { fieldsOf, type RecordCounts, Tally } from './counts.ts';
import { type Entry, formatEntry } from './entry.ts';
import { baseToAsk, InheritanceWriter } from './inherit.ts';
import { type ListedRuns, listModel } from './listed.ts';
import { groupByMemory, groupRuns, type Sizing } from './needs.ts';
import { PartitionWriter, partitionOf } from './partitions.ts';
import { type Digest, type SentTable, VerdictTable } from './verdict-table.ts';
import { detailKey, type WantedDetails, WantedList } from './wanted.ts';

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

/** The verdicts of a model, and for one on the allowlist the groups that run it and the formats that gate workers run. */
type Judgement = Digest & ListedRuns;

/** Judges one thread's share of a listing. */
export class Judge {
  readonly #setup: JudgeSetup;
  readonly #tally = new Tally();
  readonly #table = new VerdictTable();
  readonly #entries: PartitionWriter;
  readonly #inheritance: InheritanceWriter;
  readonly #sizing: Sizing;
  readonly #verdictsOf: (model: ModelMetadata) => Judgement;
  #wanted: WantedList | undefined;

  constructor(setup: JudgeSetup) {
    const { workers, gate, detailBudget } = setup;
    this.#setup = setup;
    this.#entries = new PartitionWriter(entriesDir(setup.dir), setup.writer);
    this.#inheritance = new InheritanceWriter(setup.dir, setup.writer);
    this.#wanted = detailBudget === undefined ? undefined : new WantedList(detailBudget);
    const groups = groupByMemory(workers);
    this.#sizing = { groups, bitsPerWeight: setup.tables.bitsPerWeight };
    const remembered = rememberVerdicts(workers, (verdicts, model): Judgement => {
      const { setOf, ...digest } = this.#table.digest(verdicts, model, gate);
      if (!digest.allowed) return { ...digest, runs: [], formats: [] };
      const gateSets = gate.map((at) => digest.sets[setOf[at] ?? -1]);
      return { ...digest, runs: groupRuns(groups, setOf), formats: formatsOf(model, gateSets) };
    });
    this.#verdictsOf = (model) => {
      const { made, folded } = remembered(model);
      if (folded.places === undefined || made.sets.length === 0) return made;
      return { ...made, sets: made.sets.map((set) => unfoldSet(set, folded)) };
    };
  }

  /** Judges a record. `again` is true for one that was judged before, and has new details since. */
  judgeLine(line: Buffer, again: boolean): void {
    if (!again) this.#tally.addRecord();
    const input = parseJson(line.toString());
    try {
      this.#judge(input, again);
    } catch (error) {
      if (isSystemError(error)) throw error;
      this.#rejectForOurError(input, error);
    }
  }

  addTooLong(lines: number): void {
    for (let line = 0; line < lines; line += 1) {
      this.#tally.addRecord();
      this.#tally.reject(TOO_LONG, undefined);
    }
  }

  #judge(input: unknown, again: boolean): void {
    const parsed = input === undefined ? NOT_JSON : parseRecord(input);
    if (!parsed.ok) {
      this.#tally.reject(parsed.reason, parsed.id);
      return;
    }
    if (!again) this.#tally.addIgnored(parsed.ignored);
    if (again && parsed.record.gone) this.#addGone(parsed.record);
    else this.#addModel(parsed.record, again ? 1 : 0);
  }

  #addModel(record: HubRecord, pass: number): void {
    const model = extractMetadata(record, this.#setup.tables);
    const prefix = prefixOf(model.id);
    const judgement = this.#verdictsOf(model);
    const base = baseToAsk(model);
    const asks = base !== undefined;
    const entry = this.#entryOf(model, judgement, { prefix, pass, fields: fieldsOf(record), asks });
    // From here on only the disk can fail: a record is either judged whole or rejected.
    this.#inheritance.tell(model, prefix, pass);
    if (base !== undefined) this.#inheritance.ask(base, model.id);
    if (pass === 0) this.#noteWanted(record, model, judgement);
    this.#add(entry);
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

  #addGone(record: HubRecord): void {
    const { id, lastModified } = extractMetadata(record, this.#setup.tables);
    const prefix = prefixOf(id);
    this.#inheritance.takeBack(id, prefix, { lastModified, pass: 1 });
    this.#add({ ...GONE, id, lastModified, prefix });
  }

  #add(entry: Entry): void {
    this.#entries.add(partitionOf(entry.prefix), `${formatEntry(entry)}\n`);
  }

  /**
   * Notes which details of the model are worth a request. A request counts as a download, so it is made only for models
   * that some worker runs or a gate worker may run.
   */
  #noteWanted(record: HubRecord, model: ModelMetadata, { allowed, candidate, sets }: Judgement): void {
    const key = this.#wanted === undefined || !(candidate || sets.length > 0) ? undefined : detailKey(record);
    if (key === undefined) return;
    const open = model.gated === 'no' || model.gated === 'unknown';
    const hasConfig = model.companions.includes('config.json') && hasRootSafetensors(model);
    const config = open && hasConfig && record.fetched?.config !== true;
    // out/ keeps the sizes of models on the allowlist alone.
    const sizes = candidate && record.fetched?.sizes !== true;
    const header = open && allowed && record.fetched?.header !== true ? headerToRead(model) : undefined;
    if (!config && !sizes && header === undefined) return;
    const rest = { gate: candidate, downloads: factDownloads(model) };
    this.#wanted?.add({ key, config, sizes, ...(header === undefined ? {} : { header }), ...rest });
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
    const wanted = this.#wanted?.list() ?? { details: [], left: 0, leftOthers: 0 };
    this.#wanted = undefined;
    return wanted;
  }

  /** Puts everything on disk, where all threads find it. */
  flush(): void {
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

/** Returns a set of folded variants as one of all. */
function unfoldSet([recommended, ...some]: EncodedSet, folded: Folded): EncodedSet {
  return [unfoldPlace(recommended, folded), ...unfoldPlaces(some, folded)];
}

/** Returns the formats of the variants that some of the sets hold, sorted. */
function formatsOf({ variants }: ModelMetadata, sets: readonly (EncodedSet | undefined)[]): Format[] {
  const all = new Set<Format>();
  for (const [, ...some] of sets.filter((set) => set !== undefined))
    for (const at of some.length === 0 ? variants.keys() : some) {
      const variant = variants[at];
      if (variant !== undefined) all.add(variant.format);
    }
  return [...all].sort();
}

/**
 * Returns a file whose header would give the attention, where neither a config nor a base model that may be asked gives
 * it.
 */
function headerToRead(model: ModelMetadata): string | undefined {
  const { attention, variants } = model;
  const isKnown = attention !== 'unknown' && attention.source !== 'same-size';
  if (isKnown || hasRootSafetensors(model) || model.baseModels.relation === 'quantized') return undefined;
  return variants.find(({ format }) => format === 'gguf')?.files[0];
}

function hasRootSafetensors({ variants }: ModelMetadata): boolean {
  return variants.some(({ format, layout }) => format === 'safetensors' && layout === 'root');
}

function factDownloads({ downloads }: ModelMetadata): number {
  return downloads === 'unknown' ? 0 : downloads;
}

function numberOr(value: number | 'unknown'): number {
  return value === 'unknown' ? -1 : value;
}

/** Tells whether the system failed, as on a full disk: that stops the build, and is no fault of the record. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

/** The folder of the entries in the folder of the partitions. */
export const entriesDir = (dir: string) => join(dir, 'entries');
