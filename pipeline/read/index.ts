/**
 * Answers questions from an out/, in a folder or behind a server: one model, one worker, the allowlist, the changes. It
 * uses no `node:` module and no zod.
 */
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
   * Milliseconds for which the night that was read last counts as the newest. Default: 60,000 over HTTP; in a folder each
   * question checks.
   */
  readonly recheckMs?: number;
}

export interface Matrix {
  /** The header of the night that was read last. */
  readonly header: Header;
  manifest(): Promise<Manifest>;
  /** Returns everything known of a model, or undefined when it was never listed. */
  model(id: string): Promise<MatrixModel | undefined>;
  /** Yields those of the models that were listed, data shard by data shard. Each shard is read once for all of them. */
  find(ids: readonly string[]): AsyncGenerator<MatrixModel>;
  /** Returns the downloads in 30 days of those of the models that were listed, where they are known. */
  downloads(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Ids of the most downloaded models, with a page or not; those of unknown downloads come last. */
  mostDownloaded(most: number): Promise<string[]>;
  /** Tells whether a gate worker runs it. */
  has(id: string): Promise<boolean>;
  /** Returns the models that a worker runs, by confidence. */
  worker(id: string): Promise<WorkerModels>;
  /** Yields the models that some worker runs, for all workers at once, a row at a time. */
  running(): AsyncGenerator<RunningRow>;
  allowlist(): Promise<readonly string[]>;
  changes(): Promise<Changes>;
  /**
   * Returns the models on the allowlist that hold the same weights as this one: its copies, its base, the base's copies.
   */
  copiesOf(model: MatrixModel): Promise<string[]>;
  /** Returns the same beyond the allowlist: copies that some worker runs, which may be an engine alone. */
  allCopiesOf(model: MatrixModel): Promise<string[]>;
  workers(): Promise<readonly PublishedWorker[]>;
  /** Returns the models that left the allowlist in the last 90 nights, and the reasons. */
  removed(): Promise<Removed>;
  /** Returns the counts of the last nights that differ from those of the night before, the oldest first. */
  history(): Promise<History>;
  /** Returns the counts of each family on each worker. */
  families(): Promise<Families>;
  /** Returns the allowlist by downloads, with the fields by which a visitor filters. */
  search(): Promise<SearchIndex>;
  /** Returns for each gate worker the models that each missing capability hides. */
  unlocks(): Promise<Unlocks>;
  report(): Promise<Report>;
  /** Returns label of a GGUF file -> average bits of a weight. */
  bitsPerWeight(): Promise<ReadonlyMap<string, number>>;
  /** Yields every model, shard by shard; or those of one data shard, by its name in `models/`. */
  models(shard?: string): AsyncGenerator<MatrixModel>;
  /** Yields the repo ids of all models, refused ones too, shard by shard. */
  ids(): AsyncGenerator<string>;
  /** Returns the names of the data shards. */
  shards(): Promise<string[]>;
}

/**
 * Opens an out/. Each answer is from one night; when another is published, all later answers are from that one.
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

/** Returns the questions whose answer is a whole file. */
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
