/** The contents of each file of out/, once it is parsed. The schemas of `schema.ts` check the same shapes. */
import type { Worker } from '../data/worker.ts';
import type { Confidence } from '../evaluate/verdict.ts';
import type { Format } from '../extract/metadata.ts';

/** Name -> a whole number of things. */
export type Counts = Readonly<Record<string, number>>;

/** manifest.json: written last, it names every other file. */
export interface Manifest {
  readonly schemaVersion: number;
  /** The time at which the build began, ISO 8601. */
  readonly date: string;
  /** The origin of the records: `snapshot`, `hub` or `files`. */
  readonly source: string;
  /** Leading bits of sha256(repo id) that name a data shard, in hex. */
  readonly shardBits: number;
  /** Leading bits of sha256(repo id) that name a file in volatile/, in hex. */
  readonly volatileBits: number;
  /** Leading bits of sha256(row key) that name a file in rows/, in hex. */
  readonly rowBits: number;
  /** Models evaluated. */
  readonly models: number;
  /** Models on the allowlist. */
  readonly allowed: number;
  /** Number of workers. */
  readonly workers: number;
  readonly files: readonly ManifestFile[];
}

/** One file of out/, as the manifest names it. */
export interface ManifestFile {
  /** The path relative to out/, with forward slashes. */
  readonly path: string;
  readonly bytes: number;
  /** The checksum in hex. */
  readonly sha256: string;
}

/** One worker of workers.json; fields beyond these are those of `Worker`. */
export interface PublishedWorker
  extends Pick<
    Worker,
    'id' | 'program' | 'name' | 'version' | 'homepage' | 'start' | 'backend' | 'gate' | 'memory'
  > {
  /** The facts about it, with the day on which they were read, and where. */
  readonly facts?: { readonly date: string; readonly from?: string; readonly [more: string]: unknown };
  readonly accepts: readonly { readonly format: Format; readonly [more: string]: unknown }[];
  readonly [more: string]: unknown;
}

/** changes.json: the changes of the last build that changed something. */
export interface Changes {
  /** True when there was no earlier out/ to compare with. */
  readonly first: boolean;
  readonly added: readonly { readonly id: string; readonly workers: readonly string[] }[];
  readonly removed: readonly Removal[];
  readonly changed: readonly {
    readonly id: string;
    readonly worker: string;
    readonly from: Confidence;
    readonly to: Confidence;
  }[];
}

/** A model that left the allowlist, and why. */
export interface Removal {
  readonly id: string;
  readonly reasons: readonly string[];
  readonly reasonCodes: readonly string[];
}

/**
 * removed.json: the models that left the allowlist in the last 90 days and are not back; `on` is the day.
 * Sorted by id.
 */
export type Removed = readonly (Removal & { readonly on: string })[];

/** Models that a worker runs, and those of which a needed fact is missing. */
export interface NightCounts {
  readonly compatible: number;
  readonly unknown: number;
}

/** history.json: the nights whose counts differ from those of the night before, the oldest first. */
export type History = readonly Night[];

/** The counts of one night. */
export interface Night {
  /** The day of the build. */
  readonly date: string;
  /** Models evaluated. */
  readonly models: number;
  readonly allowed: number;
  /** Counts of gate workers, by their ids. */
  readonly workers: Readonly<Record<string, NightCounts>>;
  /** Counts of all other workers, by program: the models that some backend runs. */
  readonly programs: Readonly<Record<string, NightCounts>>;
}

/** families.json: the counts of each family on each worker. */
export interface Families {
  /** Worker ids: the order of `runs` and `unknown`. */
  readonly workers: readonly string[];
  readonly families: readonly Family[];
}

/** One family of models. */
export interface Family {
  readonly family: string;
  readonly models: number;
  /** Models of the family on the allowlist. */
  readonly allowed: number;
  /** Downloads in 30 days, of all its models. */
  readonly downloads: number;
  /** Models that each worker runs. */
  readonly runs: readonly number[];
  /** Models of which a needed fact is missing, for each worker. */
  readonly unknown: readonly number[];
}

/** search.json: the allowlist by downloads, in columns. */
export interface SearchIndex {
  /** Worker ids, whose places the groups name. */
  readonly workers: readonly string[];
  /**
   * Groups of models that no filter separates: family, formats that gate workers run, license, places of the
   * workers that run them.
   */
  readonly groups: readonly (readonly [
    family: string,
    formats: readonly Format[],
    license: string,
    workers: readonly number[],
  ])[];
  /** The allowlist, the most downloaded first. */
  readonly ids: readonly string[];
  /** The number of the group of each id. */
  readonly group: readonly number[];
  /**
   * The smallest usual device for each id, in GB, on which some gate worker holds some variant at 8,192
   * tokens, or its weights where the cache is unknown; 0: none of them, -1: unknown.
   */
  readonly device: readonly number[];
  /** The place of each worker in a row of needs: workers that take the same variants and memory share one. */
  readonly memoryGroups: readonly number[];
  /** The number of the row in needs, for each id. */
  readonly need: readonly number[];
  /**
   * Rows of the smallest usual device, in GB, that holds some variant at 8,192 tokens; below 0: it holds the
   * weights, and the cache comes on top; 0: more than the usual ones have; null: no worker of the place runs
   * it, or unknown.
   */
  readonly needs: readonly (readonly (number | null)[])[];
  /** Downloads in 30 days to two digits, and the number of ids in a row that have so many. */
  readonly downloads: readonly (readonly [downloads: number, ids: number])[];
}

/**
 * unlocks.json: per gate worker, the models that each missing capability alone would add to the allowlist.
 */
export type Unlocks = Readonly<Record<string, readonly Unlock[]>>;

/** A capability that a worker lacks. */
export interface Unlock {
  /** The capability by name, such as `model_type:qwen3`. */
  readonly capability: string;
  /** Models that this alone would add to the allowlist. */
  readonly models: number;
  /** The downloads of these models in 30 days. */
  readonly downloads: number;
  /** The three of these models with the most downloads. */
  readonly examples: readonly string[];
}

/** report.json: the totals of a build. */
export interface Report {
  readonly records: {
    readonly read: number;
    /** The most records that a build of a part reads. */
    readonly limit?: number | undefined;
    /** Reason -> records rejected. */
    readonly rejected: Counts;
    /** Some of the rejected records: reason and repo id. */
    readonly rejectedExamples: readonly string[];
    /** Field -> records that had it malformed and were read without it. */
    readonly ignoredFields: Counts;
    readonly doubles: number;
    /** Field -> records that have it. */
    readonly fields: Counts;
  };
  /** The crawl behind the build, where it read the Hub. */
  readonly crawl?: ReportedCrawl | undefined;
  /** `own`: all gate workers that there are; `chosen`: those that the command line named. */
  readonly gate?: 'own' | 'chosen' | undefined;
  readonly models: number;
  readonly allowed: number;
  readonly kinds: Counts;
  readonly workers: Readonly<Record<string, WorkerCounts>>;
  readonly refusals: readonly {
    readonly worker: string;
    readonly code: string;
    readonly models: number;
    readonly downloads: number;
  }[];
  /** Fact -> models that lack it. */
  readonly unknownFacts: Counts;
}

/** The facts about the crawl that a reader of out/ should know. */
export interface ReportedCrawl {
  /** `partial`: the Hub failed before the end; `limited`: the caller asked for a part. */
  readonly listing: 'complete' | 'partial' | 'limited';
  /** The time at which the walk began whose records replace the rest of a partial listing. */
  readonly staleSince?: string | undefined;
  /** Fields that the Hub no longer gives. */
  readonly droppedFields: readonly string[];
  /** Models whose config.json or sizes are left for other nights. */
  readonly detailsLeft: number;
  /** Models that only other engines run whose config.json or sizes are left for other nights. */
  readonly detailsLeftOfOthers?: number | undefined;
  /** Models judged by the config.json of an earlier commit; absent where there is none. */
  readonly outdatedConfigs?: number | undefined;
}

/** The models of one worker, by verdict. */
export interface WorkerCounts {
  readonly high: number;
  readonly medium: number;
  readonly low: number;
  readonly unknown: number;
  readonly incompatible: number;
}
