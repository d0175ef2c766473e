/** What one thread does with its share of a listing. The same whether it is alone or one of several. */
import { join } from 'node:path';
import { loadTables } from './data/load-tables.ts';
import { rememberVerdicts } from './evaluate/memo.ts';
import type { ModelMetadata } from './extract/metadata.ts';
import { parseHead } from './judge/entry.ts';
import { Spool, sameContexts } from './judge/entry-files.ts';
import { NamedKeys, readNamedKeys } from './judge/feed.ts';
import { Intake } from './judge/judge.ts';
import { runnersOf } from './judge/listed.ts';
import { VerdictTable } from './judge/verdict-table.ts';
import { releaseCopies, Waiting } from './judge/waiting.ts';
import { Printer, PrintTable } from './lib/fingerprint.ts';
import { eachLine, eachLineOfRange, type LineSink, MAX_RECORD_BYTES } from './lib/lines.ts';
import { DATA_DIR } from './lib/paths.ts';
import type { Answers, EngineSetup, Task } from './threads/task.ts';
import { FileWriter } from './write/file-writer.ts';
import { readJudged } from './write/judged.ts';
import { LineKeeper } from './write/kept-lines.ts';
import { writePart } from './write/part.ts';

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
      printer: new Printer(setup.printKey),
      known: this.#prints,
      rest: this.#rest,
    });
    this.#intake = intake;
    const keys = this.#keys;
    const line =
      keys === undefined
        ? (bytes: Buffer) => intake.takeLine(bytes)
        : (bytes: Buffer) => intake.takeChange(bytes, keys);
    this.#sink = { line, tooLong: () => this.#takeTooLong(1) };
  }

  /** Of a feed nobody can tell what such lines change. */
  #takeTooLong(lines: number): void {
    if (this.#keys === undefined) this.#intake.takeTooLong(lines);
    else this.#keys.nameless += lines;
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
        this.#takeTooLong(task.tooLong);
        eachLine(asBuffer(task.bytes), MAX_RECORD_BYTES, this.#sink);
        return undefined;
      case 'range':
        eachLineOfRange(task.path, { ...task, maxBytes: MAX_RECORD_BYTES }, this.#sink);
        return undefined;
      case 'name':
        this.#keys?.flush();
        return this.#keys?.nameless ?? 0;
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
          { ...task.job, ...this.#setup, spoolDir: spoolDir(this.#setup.workDir) },
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
