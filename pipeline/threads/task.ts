/** What threads are given to begin with, what they are asked, and what they answer. Plain data: it crosses threads. */
import type { ListingPart } from '../crawl/files.ts';
import type { Worker } from '../data/worker.ts';
import type { IntakeCounts } from '../judge/counts.ts';
import type { SentTable } from '../judge/verdict-table.ts';
import type { JudgedSource } from '../write/judged.ts';
import type { KeptLines } from '../write/kept-lines.ts';
import type { PartJob, PartTotals } from '../write/part.ts';

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
  /** What the prints are made with. */
  readonly printKey: string;
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
  /** Puts the keys of the records of a feed where all engines find them; answers how many lines name none. */
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
  readonly name: number;
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
