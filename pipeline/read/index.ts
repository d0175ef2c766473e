/** Answers from an out/, wherever it lies: one model, one worker, the allowlist, the changes. No `node:`, no zod. */
import type { MatrixModel } from '../format/decode.ts';
import type {
  Changes,
  Families,
  History,
  Manifest,
  PublishedWorker,
  Removed,
  Report,
  SearchIndex,
  Unlocks,
} from '../format/files.ts';
import { findCopies } from './copies.ts';
import { CurrentNight } from './current-night.ts';
import { ModelShards } from './model-shards.ts';
import type { Header, OpenedOut } from './opened.ts';
import type { MatrixSource } from './source.ts';
import { type RunningRow, WorkerLists, type WorkerModels } from './worker-lists.ts';

export type { Header } from './opened.ts';
export type { RunningRow, WorkerModels } from './worker-lists.ts';

export interface MatrixOptions {
  /**
   * How long the night that was read last is taken for the newest, in milliseconds. Default: 60,000 over HTTP; in a folder
   * every question looks.
   */
  readonly recheckMs?: number;
}

export interface Matrix {
  /** Of the night that was asked last. */
  readonly header: Header;
  manifest(): Promise<Manifest>;
  /** Everything known of a model, or undefined when it was never listed. */
  model(id: string): Promise<MatrixModel | undefined>;
  /** Those of the models that were listed, data shard by data shard: each shard is read once for all of them. */
  find(ids: readonly string[]): AsyncGenerator<MatrixModel>;
  /** The downloads in 30 days of those of the models that were listed, where they are known. */
  downloads(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Ids of the most downloaded models, with a page or not; those of unknown downloads come last. */
  mostDownloaded(most: number): Promise<string[]>;
  /** Whether a gate worker runs it. */
  has(id: string): Promise<boolean>;
  /** The models that a worker runs, by confidence. */
  worker(id: string): Promise<WorkerModels>;
  /** The models that some worker runs, a row at a time: of all workers at once. */
  running(): AsyncGenerator<RunningRow>;
  allowlist(): Promise<readonly string[]>;
  changes(): Promise<Changes>;
  /** Models on the allowlist that hold the same weights as this one: its copies, its base, the base's copies. */
  copiesOf(model: MatrixModel): Promise<string[]>;
  /** The same beyond the allowlist: copies that some worker runs, which may be an engine alone. */
  allCopiesOf(model: MatrixModel): Promise<string[]>;
  workers(): Promise<readonly PublishedWorker[]>;
  /** What left the allowlist in the last 90 nights, and why. */
  removed(): Promise<Removed>;
  /** The counts of the last nights that differ from those of the night before, the oldest first. */
  history(): Promise<History>;
  /** How each family fares on each worker. */
  families(): Promise<Families>;
  /** The allowlist by downloads, with what a visitor filters by. */
  search(): Promise<SearchIndex>;
  /** Per gate worker, what each missing capability hides. */
  unlocks(): Promise<Unlocks>;
  report(): Promise<Report>;
  /** Label of a GGUF file -> average bits of a weight. */
  bitsPerWeight(): Promise<ReadonlyMap<string, number>>;
  /** Every model, shard by shard; or those of one data shard, by its name in `models/`. */
  models(shard?: string): AsyncGenerator<MatrixModel>;
  /** The repo ids of all models, refused ones too, shard by shard. */
  ids(): AsyncGenerator<string>;
  /** Names of the data shards. */
  shards(): Promise<string[]>;
}

/**
 * Opens an out/. What it answers is always of one night; when another is published, it moves there as a whole.
 *
 * @throws UsageError when there is no manifest; DataError naming the file that is missing or damaged.
 */
export async function openSource(source: MatrixSource, { recheckMs }: MatrixOptions = {}): Promise<Matrix> {
  const current = await CurrentNight.open(source, recheckMs);
  const ask = <T>(question: (out: OpenedOut) => Promise<T>) => current.ask(question);
  return {
    get header() {
      return current.out.header;
    },
    manifest: () => ask(async ({ manifest }) => manifest),
    shards: () => ask(async (out) => new ModelShards(out).names()),
    downloads: (ids) => ask((out) => new ModelShards(out).downloads(ids)),
    mostDownloaded: (most) => ask((out) => new ModelShards(out).mostDownloaded(most)),
    models: (shard) => current.askForAll((out) => new ModelShards(out).all(shard)),
    ids: () => current.askForAll((out) => new ModelShards(out).ids()),
    find: (ids) => current.askForAll((out) => new ModelShards(out).find(ids)),
    model: (id) =>
      ask(async (out) => {
        for await (const found of new ModelShards(out).find([id])) return found;
        return undefined;
      }),
    copiesOf: (model) =>
      ask(async (out) => {
        const running = await out.allowed();
        return (await findCopies(out, model)).filter((copy) => running.has(copy));
      }),
    allCopiesOf: (model) => ask((out) => findCopies(out, model)),
    allowlist: () => ask(async ({ allowed }) => [...(await allowed())]),
    has: (id) => ask(async ({ allowed }) => (await allowed()).has(id)),
    worker: (id) => ask((out) => new WorkerLists(out).worker(id)),
    running: () => current.askForAll((out) => new WorkerLists(out).running()),
    ...wholeFiles(ask),
  };
}

type WholeFile =
  | 'workers'
  | 'changes'
  | 'removed'
  | 'history'
  | 'families'
  | 'search'
  | 'unlocks'
  | 'report'
  | 'bitsPerWeight';

type Ask = <T>(question: (out: OpenedOut) => Promise<T>) => Promise<T>;

/** Answers that are a file as it is. */
function wholeFiles(ask: Ask): Pick<Matrix, WholeFile> {
  const fileOf = <T>(path: string) => ask(async ({ files }) => (await files.readJson(path)) as T);
  return {
    workers: () => fileOf<PublishedWorker[]>('workers.json'),
    changes: () => fileOf<Changes>('changes.json'),
    removed: () => fileOf<Removed>('removed.json'),
    history: () => fileOf<History>('history.json'),
    families: () => fileOf<Families>('families.json'),
    search: () => fileOf<SearchIndex>('search.json'),
    unlocks: () => fileOf<Unlocks>('unlocks.json'),
    report: () => fileOf<Report>('report.json'),
    bitsPerWeight: async () =>
      new Map(Object.entries(await fileOf<Record<string, number>>('quantizations.json'))),
  };
}
