/**
 * The jobs of threads: judging a part of the listing, answering questions of copies, writing files. Only plain data
 * passes between threads.
 */
import { join } from 'node:path';
import type { ListingPart } from './crawl/files.ts';
import { compileTableFiles, type TableFiles } from './data/load-tables.ts';
import { Judge, type JudgeReport, type JudgeSetup } from './judge/judge.ts';
import { groupByMemory } from './judge/needs.ts';
import type { WantedDetails } from './judge/wanted.ts';
import { eachLine, eachLineOfRange, type LineSink, MAX_RECORD_BYTES } from './lib/lines.ts';
import type { JobRunner } from './threads/pool.ts';
import { FileWriter } from './write/file-writer.ts';
import { type WriteJob, type WriteTotals, writeShards } from './write/shards.ts';

export interface JobSetup extends Omit<JudgeSetup, 'tables' | 'dir' | 'writer'> {
  readonly tables: TableFiles;
  /** The folder for files that only the build itself reads. */
  readonly workDir: string;
  /** The folder of the next out/. */
  readonly stagingDir: string;
  /** The folder of the last out/. */
  readonly lastOut: string;
}

export type Job =
  /** Takes the records of a part of the listing, and judges them. `again` is true for records whose details were fetched since. */
  | { readonly kind: 'judge'; readonly part: ListingPart; readonly again: boolean }
  /** Returns the wanted details. */
  | { readonly kind: 'wanted' }
  /** Puts the judged records on disk, where all threads find them. */
  | { readonly kind: 'flush' }
  /** Answers the questions of copies about the base models in one partition. */
  | { readonly kind: 'answer'; readonly partition: number }
  /** Puts the answers on disk, and returns what was judged. */
  | { readonly kind: 'report' }
  /** Writes data shards and volatile facts. */
  | { readonly kind: 'write'; readonly job: WriteJob };

/** The type of the answer to each kind of job. */
export interface JobAnswers {
  readonly judge: undefined;
  readonly wanted: WantedDetails;
  readonly flush: undefined;
  readonly answer: undefined;
  readonly report: JudgeReport;
  readonly write: WriteTotals;
}

/** Creates the runner of the jobs of one thread; each thread has another `number`. */
export function createRunner(setup: JobSetup, number: number): JobRunner<Job> {
  const dir = join(setup.workDir, 'judged');
  const tables = compileTableFiles(setup.tables);
  const judge = new Judge({ ...setup, tables, dir, writer: number });
  const files = new FileWriter(setup.stagingDir, setup.lastOut);
  const { bitsPerWeight } = tables;
  const sizing = { groups: groupByMemory(setup.workers), bitsPerWeight };
  const runners: Runners = {
    judge: ({ part, again }) => judgePart(part, judge, again),
    wanted: () => judge.takeWanted(),
    flush: () => judge.flush(),
    answer: ({ partition }) => judge.answer(partition),
    report: () => judge.report(),
    write: ({ job }) => writeShards(job, { dir, sizing, files }),
  };
  return (job) => runners[job.kind](job as never);
}

type Runners = {
  readonly [K in Job['kind']]: (job: Extract<Job, { kind: K }>) => unknown;
};

function judgePart(part: ListingPart, judge: Judge, again: boolean): void {
  const sink: LineSink = {
    line: (bytes) => judge.takeLine(bytes, again),
    tooLong: () => judge.addTooLong(1),
  };
  if (part.kind === 'range') {
    eachLineOfRange(part.path, { ...part, maxBytes: MAX_RECORD_BYTES }, sink);
    return;
  }
  judge.addTooLong(part.tooLong);
  eachLine(asBuffer(part.bytes), MAX_RECORD_BYTES, sink);
}

/** Returns bytes as a Buffer, since a Buffer that is passed between threads arrives as a Uint8Array. */
function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
