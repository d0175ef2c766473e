/** Answers from an out/, wherever it lies: one model, one worker, the allowlist, the changes. No `node:`, no zod. */
import type * as z from 'zod';
import type { MatrixModel } from '../format/decode.ts';
import { TableText } from '../format/decode-table.ts';
import { SCHEMA_VERSION } from '../format/encoding.ts';
import type {
  Changes,
  Families,
  History,
  Manifest,
  Removed,
  Report,
  SearchIndex,
  Unlocks,
  workersFile,
} from '../format/schema.ts';
import { DataError, UsageError } from '../lib/errors.ts';
import { isObject, parseJson } from '../lib/json.ts';
import { findCopies } from './copies.ts';
import { Files, once } from './files.ts';
import { ModelShards } from './model-shards.ts';
import { asTexts, type Header, type OpenedOut } from './opened.ts';
import { Rows } from './rows.ts';
import type { MatrixSource } from './source.ts';
import { type RunningRow, WorkerLists, type WorkerModels } from './worker-lists.ts';

export type { Header } from './opened.ts';
export type { RunningRow, WorkerModels } from './worker-lists.ts';

export interface MatrixOptions {
  /** Compares every file that is read with its sha256 in the manifest. */
  readonly verify?: boolean;
}

export interface Matrix {
  readonly header: Header;
  manifest(): Promise<Manifest>;
  /** Everything known of a model, or undefined when it was never listed. */
  model(id: string): Promise<MatrixModel | undefined>;
  /** Those of the models that were listed, data shard by data shard: each shard is read once for all of them. */
  find(ids: readonly string[]): AsyncGenerator<MatrixModel>;
  /** The downloads in 30 days of those of the models that were listed, where they are known. */
  downloads(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
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
  workers(): Promise<z.infer<typeof workersFile>>;
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
  /** Names of the data shards. */
  shards(): Promise<string[]>;
}

/** @throws UsageError when there is no manifest; DataError naming the file that is missing or damaged. */
export async function openSource(source: MatrixSource, options: MatrixOptions = {}): Promise<Matrix> {
  const out = await openOut(source, options);
  const { header, files } = out;
  const shards = new ModelShards(out);
  const lists = new WorkerLists(out);
  const allowlist = once(async () => asTexts(await files.readJson('allowlist.json'), 'allowlist.json'));
  const allowed = once(async () => new Set(await allowlist()));
  return {
    header,
    manifest: () => files.manifest(),
    model: async (id) => {
      for await (const found of shards.find([id])) return found;
      return undefined;
    },
    models: (shard) => shards.all(shard),
    find: (ids) => shards.find(ids),
    downloads: (ids) => shards.downloads(ids),
    shards: () => shards.names(),
    copiesOf: async (model) => {
      const running = await allowed();
      return (await findCopies(out, model)).filter((copy) => running.has(copy));
    },
    allCopiesOf: (model) => findCopies(out, model),
    allowlist,
    has: async (id) => (await allowed()).has(id),
    worker: (id) => lists.worker(id),
    running: () => lists.running(),
    ...wholeFiles(files),
  };
}

async function openOut(source: MatrixSource, { verify }: MatrixOptions): Promise<OpenedOut> {
  const header = await readHeader(source);
  const files = new Files(source, verify === true);
  const table = once(async () => new TableText(await files.read('verdicts.json')));
  const rows = new Rows({
    rowBits: header.rowBits,
    sha256: (text) => source.sha256(text),
    read: (path) => files.read(path),
    table,
  });
  return { source, header, files, rows, table };
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

/** Answers that are a file as it is. */
function wholeFiles(files: Files): Pick<Matrix, WholeFile> {
  return {
    workers: async () => (await files.readJson('workers.json')) as z.infer<typeof workersFile>,
    changes: async () => (await files.readJson('changes.json')) as Changes,
    removed: async () => (await files.readJson('removed.json')) as Removed,
    history: async () => (await files.readJson('history.json')) as History,
    families: async () => (await files.readJson('families.json')) as Families,
    search: async () => (await files.readJson('search.json')) as SearchIndex,
    unlocks: async () => (await files.readJson('unlocks.json')) as Unlocks,
    report: async () => (await files.readJson('report.json')) as Report,
    bitsPerWeight: async () =>
      new Map(Object.entries((await files.readJson('quantizations.json')) as Record<string, number>)),
  };
}

/** Its head is enough to find a model; the list of files may be megabytes long. */
const HEAD_BYTES = 4_096;

async function readHeader(source: MatrixSource): Promise<Header> {
  const head = await source.readHead('manifest.json', HEAD_BYTES);
  if (head === undefined)
    throw new UsageError(
      `${source.name} holds no manifest.json. Run npm run build:matrix first, or name another out/.`,
    );
  const cut = head.indexOf('"files": [');
  const parsed = parseJson(`${head.slice(0, cut)}"files":[]}`);
  if (!isObject(parsed) || parsed.schemaVersion !== SCHEMA_VERSION)
    throw new DataError(
      `${source.name}/manifest.json is not of schema version ${SCHEMA_VERSION}. Build it anew.`,
    );
  const { files: _, ...header } = parsed as unknown as Manifest;
  return header;
}
