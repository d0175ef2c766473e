/** What one thread does with its share of a listing. The same whether it is alone or one of several. */
import { join } from 'node:path';
import type { ListingPart } from '../crawl/files.ts';
import { rememberVerdicts } from '../evaluate/memo.ts';
import type { ModelMetadata } from '../extract/metadata.ts';
import { NamedKeys, readNamedKeys } from '../intake/feed.ts';
import { Intake, type IntakeCounts } from '../intake/intake.ts';
import { releaseCopies, Waiting } from '../intake/waiting.ts';
import { PrintTable } from '../lib/fingerprint.ts';
import { eachLine, eachLineOfRange, type LineSink, MAX_RECORD_BYTES } from '../lib/lines.ts';
import { DATA_DIR } from '../lib/paths.ts';
import { loadTables } from '../tables/index.ts';
import type { Worker } from '../workers/worker.ts';
import { parseHead } from '../write/entry.ts';
import { FileWriter } from '../write/file-writer.ts';
import { type JudgedSource, readJudged } from '../write/judged.ts';
import { type KeptLines, LineKeeper } from '../write/kept-lines.ts';
import { runnersOf } from '../write/listed.ts';
import { type PartJob, type PartTotals, writePart } from '../write/part.ts';
import { Spool, sameContexts } from '../write/spool.ts';
import { type SentTable, VerdictTable } from '../write/verdict-table.ts';

export interface EngineSetup {
  readonly workers: readonly Worker[];
  /** Places of the gate workers. */
  readonly gate: readonly number[];
  /** Where models wait on the disk. */
  readonly workDir: string;
  /** The folder of the next out/. */
  readonly stagingDir: string;
  /** The out/ before. */
  readonly lastOut: string;
  /** What the build before has judged by the same rules. */
  readonly judged: JudgedSource | undefined;
  /** Where the prints of its records are put. */
  readonly prints: SharedArrayBuffer | undefined;
  /** Whether the records are only those that changed since. */
  readonly feed: boolean;
  /** Where what this one judges is put for the next; undefined: nowhere. */
  readonly judgedNext: string | undefined;
  /** Tells this engine from the others that work in the same folder. */
  readonly number: number;
}

/** Work for an engine. */
export type Task =
  /** Reads the prints of what was judged in a partition. */
  | { readonly kind: 'learn'; readonly partition: number }
  /** Takes records in. */
  | ListingPart
  /** Puts the keys of the records of a feed where all engines find them. */
  | { readonly kind: 'name' }
  /** Takes over what was judged in a partition and is not named by the feed. */
  | { readonly kind: 'recall'; readonly partition: number }
  /** Takes in the records that the last build kept, but for those that the feed names. */
  | { readonly kind: 'kept'; readonly path: string; readonly start: number; readonly end: number }
  /** Puts the copies that wait, and the context lengths of their bases, where all engines find them. */
  | { readonly kind: 'settle' }
  /** Takes in the copies of the bases in one partition. */
  | { readonly kind: 'release'; readonly partition: number }
  /** Puts what was taken in where all engines find it, and tells of it. */
  | { readonly kind: 'report' }
  /** Writes a part of out/. */
  | { readonly kind: 'part'; readonly job: EnginePart };

/** The rest of a job an engine knows. */
type EnginePart = Pick<PartJob, 'partitions' | 'layout' | 'running'>;

/** The answer to each kind. */
export interface Answers {
  readonly learn: undefined;
  readonly name: undefined;
  readonly recall: undefined;
  readonly kept: undefined;
  readonly lines: undefined;
  readonly range: undefined;
  readonly settle: undefined;
  readonly release: undefined;
  readonly report: EngineReport;
  readonly part: PartTotals;
}

interface EngineReport {
  readonly counts: IntakeCounts;
  readonly spooled: number;
  readonly table: SentTable;
  readonly rest: KeptLines | undefined;
}

export class Engine {
  readonly #intake: Intake;
  readonly #spool: Spool;
  readonly #waiting: Waiting;
  readonly #table = new VerdictTable();
  readonly #files: FileWriter;
  readonly #setup: EngineSetup;
  readonly #prints: PrintTable | undefined;
  readonly #rest: LineKeeper | undefined;
  readonly #keys: NamedKeys | undefined;
  readonly #sink: LineSink;
  #named: ReadonlySet<string> | undefined;

  constructor(setup: EngineSetup) {
    this.#setup = setup;
    this.#spool = new Spool(spoolDir(setup.workDir), setup.number);
    this.#waiting = new Waiting(waitingDir(setup.workDir), setup.number);
    this.#files = new FileWriter(setup.stagingDir, setup.lastOut);
    this.#prints = setup.prints === undefined ? undefined : new PrintTable(setup.prints);
    this.#rest = setup.judgedNext === undefined ? undefined : new LineKeeper(setup.judgedNext, setup.number);
    this.#keys = setup.feed ? new NamedKeys(namedDir(setup.workDir), setup.number) : undefined;
    const gate = setup.gate.flatMap((at) => setup.workers[at] ?? []);
    const intake = new Intake({
      tables: loadTables(DATA_DIR),
      judge: rememberVerdicts(setup.workers, (row, model) => {
        const digest = this.#table.digest(row, model, setup.gate);
        return { ...digest, runners: runnersOf(gate, digest.gateSets, model.variants.length) };
      }),
      spool: this.#spool,
      waiting: this.#waiting,
      table: this.#table,
      known: this.#prints,
      rest: this.#rest,
    });
    this.#intake = intake;
    const keys = this.#keys;
    const line =
      keys === undefined
        ? (bytes: Buffer) => intake.takeLine(bytes)
        : (bytes: Buffer) => intake.takeChange(bytes, keys);
    this.#sink = { line, tooLong: () => intake.takeTooLong(1) };
  }

  /** @throws the file system's error. */
  do<K extends Task['kind']>(task: Extract<Task, { kind: K }>): Answers[K] {
    return this.#do(task) as Answers[K];
  }

  #learn(partition: number): void {
    const { judged } = this.#setup;
    if (judged === undefined) return;
    for (const line of readJudged(judged, partition)) {
      const { print, ...known } = parseHead(line);
      this.#prints?.add(print, known);
    }
  }

  /** The keys of the records that the feed names, once all engines have said theirs. */
  #namedKeys(): ReadonlySet<string> {
    this.#named ??= readNamedKeys(namedDir(this.#setup.workDir));
    return this.#named;
  }

  #recall(partition: number): void {
    const { judged } = this.#setup;
    if (judged === undefined) return;
    for (const line of readJudged(judged, partition)) this.#intake.takeJudged(line, this.#namedKeys());
  }

  #takeKept(range: Extract<Task, { kind: 'kept' }>): void {
    const named = this.#namedKeys();
    eachLineOfRange(
      range.path,
      { ...range, maxBytes: MAX_RECORD_BYTES },
      {
        line: (bytes) => this.#intake.takeKept(bytes, named),
        tooLong: () => this.#intake.takeTooLong(1),
      },
    );
  }

  #release(partition: number): Iterable<ModelMetadata> {
    const { judged } = this.#setup;
    return releaseCopies(waitingDir(this.#setup.workDir), partition, () =>
      judged === undefined ? [] : sameContexts(spoolDir(this.#setup.workDir), partition, judged),
    );
  }

  #do(task: Task): Answers[Task['kind']] {
    switch (task.kind) {
      case 'learn':
        this.#learn(task.partition);
        return undefined;
      case 'lines':
        this.#intake.takeTooLong(task.tooLong);
        eachLine(asBuffer(task.bytes), MAX_RECORD_BYTES, this.#sink);
        return undefined;
      case 'range':
        eachLineOfRange(task.path, { ...task, maxBytes: MAX_RECORD_BYTES }, this.#sink);
        return undefined;
      case 'name':
        this.#keys?.flush();
        return undefined;
      case 'recall':
        this.#recall(task.partition);
        return undefined;
      case 'kept':
        this.#takeKept(task);
        return undefined;
      case 'settle':
        this.#waiting.flush();
        this.#spool.flush();
        return undefined;
      case 'release':
        for (const model of this.#release(task.partition)) this.#intake.take(model);
        return undefined;
      case 'report':
        this.#spool.flush();
        return {
          counts: this.#intake.report(),
          spooled: this.#spool.count,
          table: this.#table.send(),
          rest: this.#rest?.close(),
        };
      case 'part':
        return writePart(
          {
            ...task.job,
            ...this.#setup,
            spoolDir: spoolDir(this.#setup.workDir),
          },
          this.#files,
        );
      default:
        return task satisfies never;
    }
  }
}

/** What crossed threads is no longer a Buffer. */
function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

const spoolDir = (workDir: string) => join(workDir, 'spool');
const namedDir = (workDir: string) => join(workDir, 'named');
const waitingDir = (workDir: string) => join(workDir, 'waiting');
