/** Answers from an out/, wherever it lies: one model, one worker, the allowlist, the changes. No `node:`, no zod. */
import type * as z from 'zod';
import type { Confidence } from '../evaluate/verdict.ts';
import { decodeFacts, decodeVerdict, decodeVolatile, type MatrixModel } from '../format/decode.ts';
import { TableText } from '../format/decode-table.ts';
import { type OwnFacts, SCHEMA_VERSION } from '../format/encoding.ts';
import { firstPrefixOf, prefixOfHash, shardName } from '../format/hash-prefix.ts';
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
import { damaged, Files, once } from './files.ts';
import { Rows } from './rows.ts';
import type { MatrixSource } from './source.ts';

/** Repo ids by confidence, sorted. */
export type WorkerModels = Record<'high' | 'medium' | 'low', string[]>;

/** Models that every worker judges alike. */
export interface RunningRow {
  /** Of the workers that run them. */
  readonly confidences: ReadonlyMap<string, Confidence>;
  readonly ids: readonly string[];
}

/** The manifest without its list of files. */
export type Header = Omit<Manifest, 'files'>;

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
export async function openSource(source: MatrixSource, { verify }: MatrixOptions = {}): Promise<Matrix> {
  const header = await readHeader(source);
  const files = new Files(source, verify === true);
  const table = once(async () => new TableText(await files.read('verdicts.json')));
  const rows = new Rows({
    rowBits: header.rowBits,
    sha256: (text) => source.sha256(text),
    read: (path) => files.read(path),
    table,
  });
  const allowlist = once(async () => asTexts(await files.readJson('allowlist.json'), 'allowlist.json'));
  const allowed = once(async () => new Set(await allowlist()));

  async function model(id: string): Promise<MatrixModel | undefined> {
    const [shard] = await shardsOf([id]);
    for await (const found of shard === undefined ? [] : findInShard(shard)) return found;
    return undefined;
  }

  /** The ids by the data shard that would hold them. */
  async function shardsOf(ids: readonly string[]): Promise<WantedShard[]> {
    const wanted = new Map<string, WantedShard>();
    for (const id of ids) {
      const prefix = prefixOfHash(await source.sha256(id));
      const name = shardName(prefix, header.shardBits);
      const shard = wanted.get(name) ?? { name, prefix, ids: new Set() };
      shard.ids.add(id);
      wanted.set(name, shard);
    }
    return [...wanted.values()].sort((a, b) => a.prefix - b.prefix);
  }

  async function* findInShard({ name, prefix, ids }: WantedShard): AsyncGenerator<MatrixModel> {
    const text = await files.readOptional(`models/${name}.jsonl`);
    if (text === undefined) return;
    const volatile = await readVolatile(shardName(prefix, header.volatileBits), name);
    for (const [at, line] of text.split('\n').entries())
      if (ids.has(line.slice(2, line.indexOf('"', 2)))) yield decodeLine(line, volatile[at]);
  }

  async function downloads(ids: readonly string[]): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    for (const { name, prefix, ids: wanted } of await shardsOf(ids)) {
      const text = await files.readOptional(`models/${name}.jsonl`);
      if (text === undefined) continue;
      const volatile = await readVolatile(shardName(prefix, header.volatileBits), name);
      for (const [at, line] of text.split('\n').entries()) {
        const [id, count = -1] = [line.slice(2, line.indexOf('"', 2)), volatile[at]?.[0]];
        if (wanted.has(id) && count >= 0) found.set(id, count);
      }
    }
    return found;
  }

  async function* find(ids: readonly string[]): AsyncGenerator<MatrixModel> {
    for (const shard of await shardsOf(ids)) yield* findInShard(shard);
  }

  async function decodeLine(line: string, volatile: readonly number[] | undefined): Promise<MatrixModel> {
    const parsed = parseJson(line);
    if (!Array.isArray(parsed)) throw new DataError('A line of models/ is damaged. Fetch or build it anew.');
    const [id, key, own] = parsed as [string, string, OwnFacts];
    const { verdicts, shared } = await rows.row(key);
    const { workers, maxContextLengths } = await table();
    return {
      id,
      facts: decodeFacts(shared, own, decodeVolatile(volatile)),
      verdicts: new Map(
        verdicts.map((verdict, at) => [
          workers[at] ?? '',
          decodeVerdict(verdict, own, maxContextLengths[at] ?? null),
        ]),
      ),
      detailed: own.v !== undefined,
    };
  }

  async function readCopies(base: string): Promise<readonly string[]> {
    const name = shardName(prefixOfHash(await source.sha256(base)), header.volatileBits);
    const text = await files.readOptional(`copies/${name}.json`);
    const found = parseJson(text ?? '{}');
    if (!isObject(found)) throw new DataError(damaged(source, `copies/${name}.json`));
    const copies = new Map(Object.entries(found as Record<string, string[]>));
    return copies.get(base) ?? [];
  }

  async function copiesOf(of: MatrixModel): Promise<string[]> {
    const running = await allowed();
    return (await allCopiesOf(of)).filter((copy) => running.has(copy));
  }

  async function allCopiesOf({ id, facts: { baseModels } }: MatrixModel): Promise<string[]> {
    const bases = baseModels.relation === 'quantized' ? baseModels.ids : [];
    const found = [...(await readCopies(id)), ...bases];
    for (const base of bases) found.push(...(await readCopies(base)));
    return [...new Set(found)].filter((copy) => copy !== id);
  }

  async function readVolatile(file: string, shard: string): Promise<readonly number[][]> {
    const shards = (await files.readJson(`volatile/${file}.json`)) as Record<string, number[][]>;
    return shards[shard] ?? [];
  }

  async function shards(): Promise<string[]> {
    const paths = (await files.paths()).filter((path) => path.startsWith('models/'));
    return paths.map((path) => path.slice('models/'.length, -'.jsonl'.length));
  }

  async function* models(shard?: string): AsyncGenerator<MatrixModel> {
    for (const name of shard === undefined ? await shards() : [shard]) {
      const file = shardName(firstPrefixOf(name, header.shardBits), header.volatileBits);
      const volatile = await readVolatile(file, name);
      const lines = (await files.read(`models/${name}.jsonl`)).split('\n').slice(0, -1);
      for (const [at, line] of lines.entries()) yield decodeLine(line, volatile[at]);
    }
  }

  async function* running(): AsyncGenerator<RunningRow> {
    const { workers } = await table();
    const text = await files.read('running.jsonl');
    for (let start = 0, end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      const [key = '', ...ids] = asTexts(parseJson(text.slice(start, end)), 'running.jsonl');
      start = end + 1;
      const { verdicts } = await rows.row(key);
      const runs = workers.flatMap((worker, at): [string, Confidence][] => {
        const confidence = verdicts[at]?.confidence ?? 'none';
        return confidence === 'none' ? [] : [[worker, confidence]];
      });
      yield { confidences: new Map(runs), ids };
    }
  }

  /** Of a worker without a list of its own: the models of the rows in which it runs them. */
  async function gatherFor(id: string): Promise<WorkerModels> {
    const lists: WorkerModels = { high: [], medium: [], low: [] };
    for await (const { confidences, ids } of running()) {
      const confidence = confidences.get(id) ?? 'none';
      if (confidence !== 'none') lists[confidence] = lists[confidence].concat(ids);
    }
    for (const list of Object.values(lists)) list.sort();
    return lists;
  }

  async function worker(id: string): Promise<WorkerModels> {
    if (!(await table()).workers.includes(id)) throw new UsageError(`${source.name} knows no worker ${id}.`);
    const text = await files.readOptional(`workers/${id}.json`);
    if (text === undefined) return gatherFor(id);
    const lists = parseJson(text);
    if (!isObject(lists)) throw new DataError(damaged(source, `workers/${id}.json`));
    const list = (name: string) => asTexts(lists[name], `workers/${id}.json`);
    return { high: list('high'), medium: list('medium'), low: list('low') };
  }

  return {
    header,
    manifest: () => files.manifest(),
    model,
    models,
    copiesOf,
    allCopiesOf,
    find,
    downloads,
    workers: async () => (await files.readJson('workers.json')) as z.infer<typeof workersFile>,
    allowlist,
    has: async (id) => (await allowed()).has(id),
    worker,
    running,
    changes: async () => (await files.readJson('changes.json')) as Changes,
    removed: async () => (await files.readJson('removed.json')) as Removed,
    history: async () => (await files.readJson('history.json')) as History,
    families: async () => (await files.readJson('families.json')) as Families,
    search: async () => (await files.readJson('search.json')) as SearchIndex,
    unlocks: async () => (await files.readJson('unlocks.json')) as Unlocks,
    report: async () => (await files.readJson('report.json')) as Report,
    bitsPerWeight: async () =>
      new Map(Object.entries((await files.readJson('quantizations.json')) as Record<string, number>)),
    shards,
  };
}

/** A data shard, and the ids that are looked for in it. */
interface WantedShard {
  readonly name: string;
  readonly prefix: number;
  readonly ids: Set<string>;
}

function asTexts(value: unknown, path: string): string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new DataError(`${path} is damaged: it is no list of repo ids. Fetch or build it anew.`);
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
