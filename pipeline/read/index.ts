/** Opens an out/ and answers from it: one model, one worker, the allowlist, the changes. */
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type * as z from 'zod';
import type { OwnFacts } from '../lib/encoding.ts';
import { DataError, UsageError } from '../lib/errors.ts';
import { partName, placeOf, placeOfShard } from '../lib/hash.ts';
import { parseJson } from '../lib/json.ts';
import {
  allowlistFile,
  type Changes,
  changesFile,
  type Manifest,
  manifestFile,
  workerModelsFile,
  workersFile,
} from '../write/schema.ts';
import { lastOut } from '../write/staging.ts';
import { decodeFacts, decodeVerdict, decodeVolatile, type MatrixModel } from './decode.ts';
import { TableText } from './table-text.ts';

/** Repo ids by confidence, sorted. */
type WorkerModels = Record<'high' | 'medium' | 'low', string[]>;

/** The manifest without its list of files. */
type Header = Omit<Manifest, 'files'>;

export interface Matrix {
  readonly header: Header;
  manifest(): Promise<Manifest>;
  /** Everything known of a model, or undefined when it was never listed. */
  model(id: string): Promise<MatrixModel | undefined>;
  /** Whether a gate worker runs it. */
  has(id: string): Promise<boolean>;
  /** The models that a worker runs, by confidence. */
  worker(id: string): Promise<WorkerModels>;
  allowlist(): Promise<readonly string[]>;
  changes(): Promise<Changes>;
  /** Models on the allowlist that hold the same weights as this one: its copies, its base, the base's copies. */
  copiesOf(model: MatrixModel): Promise<string[]>;
  /** The model's own, else that of the model it is a copy of. */
  attentionOf(model: MatrixModel): Promise<MatrixModel['facts']['attention']>;
  workers(): Promise<z.infer<typeof workersFile>>;
  /** Every model, shard by shard. */
  models(): AsyncGenerator<MatrixModel>;
}

/** @throws UsageError when `out` holds no manifest; DataError naming the file that is missing or damaged. */
export async function openMatrix(out: string): Promise<Matrix> {
  const dir = lastOut(out);
  const header = await readHeader(dir);
  const read = (path: string) => readText(dir, path);
  const table = once(async () => new TableText(await read('verdicts.json')));
  const allowlist = once(async () => allowlistFile.parse(JSON.parse(await read('allowlist.json'))));
  const allowed = once(async () => new Set(await allowlist()));
  const manifest = once(() => readManifest(dir));

  async function model(id: string): Promise<MatrixModel | undefined> {
    const place = placeOf(id);
    const name = partName(place, header.shardBits);
    const text = await readOptional(dir, `models/${name}.jsonl`);
    const start = `[${JSON.stringify(id)},`;
    const lines = text?.split('\n') ?? [];
    const at = lines.findIndex((line) => line.startsWith(start));
    if (at < 0) return undefined;
    const volatile = await readVolatile(partName(place, header.volatileBits), name);
    return decodeLine(lines[at] ?? '', volatile[at], await table());
  }

  async function readCopies(base: string): Promise<readonly string[]> {
    const text = await readOptional(dir, `copies/${partName(placeOf(base), header.volatileBits)}.json`);
    const copies = new Map(Object.entries(JSON.parse(text ?? '{}') as Record<string, string[]>));
    return copies.get(base) ?? [];
  }

  async function copiesOf({ id, facts: { baseModels } }: MatrixModel): Promise<string[]> {
    const bases = baseModels.relation === 'quantized' ? baseModels.ids : [];
    const found = [...(await readCopies(id)), ...bases];
    for (const base of bases) found.push(...(await readCopies(base)));
    const running = await allowed();
    return [...new Set(found)].filter((copy) => copy !== id && running.has(copy));
  }

  async function attentionOf({ facts }: MatrixModel): Promise<MatrixModel['facts']['attention']> {
    const [base] = facts.baseModels.relation === 'quantized' ? facts.baseModels.ids : [];
    if (facts.attention !== 'unknown' || base === undefined) return facts.attention;
    return (await model(base))?.facts.attention ?? 'unknown';
  }

  async function readVolatile(file: string, shard: string): Promise<readonly number[][]> {
    const shards = JSON.parse(await read(`volatile/${file}.json`)) as Record<string, number[][]>;
    return shards[shard] ?? [];
  }

  async function* models(): AsyncGenerator<MatrixModel> {
    const { files } = await manifest();
    for (const { path } of files.filter((file) => file.path.startsWith('models/'))) {
      const name = path.slice('models/'.length, -'.jsonl'.length);
      const file = partName(placeOfShard(name, header.shardBits), header.volatileBits);
      const volatile = await readVolatile(file, name);
      const lines = (await read(path)).split('\n').slice(0, -1);
      for (const [at, line] of lines.entries()) yield decodeLine(line, volatile[at], await table());
    }
  }

  /** Of a worker without a list of its own: the models of the rows in which it runs them. */
  async function gatherFor(id: string): Promise<WorkerModels> {
    const verdicts = await table();
    const place = verdicts.workers.indexOf(id);
    const lists: WorkerModels = { high: [], medium: [], low: [] };
    for (const line of (await read('running.jsonl')).split('\n').slice(0, -1)) {
      const [key = '', ...ids] = JSON.parse(line) as string[];
      const confidence = verdicts.verdict(verdicts.row(key)?.numbers[place] ?? -1)?.confidence ?? 'none';
      if (confidence !== 'none') lists[confidence] = lists[confidence].concat(ids);
    }
    for (const list of Object.values(lists)) list.sort();
    return lists;
  }

  return {
    header,
    manifest,
    model,
    models,
    copiesOf,
    attentionOf,
    workers: async () => workersFile.parse(JSON.parse(await read('workers.json'))),
    allowlist,
    has: async (id) => (await allowed()).has(id),
    worker: async (id) => {
      if (!(await table()).workers.includes(id)) throw new UsageError(`${dir} knows no worker ${id}.`);
      const text = await readOptional(dir, `workers/${id}.json`);
      return text === undefined ? gatherFor(id) : workerModelsFile.parse(JSON.parse(text));
    },
    changes: async () => changesFile.parse(JSON.parse(await read('changes.json'))),
  };
}

function decodeLine(line: string, volatile: readonly number[] | undefined, table: TableText): MatrixModel {
  const [id, key, own] = JSON.parse(line) as [string, string, OwnFacts];
  const row = table.row(key);
  if (row === undefined) throw new DataError(`verdicts.json lacks the row ${key} of ${id}.`);
  const verdicts = table.workers.map((worker, at) => {
    const verdict = table.verdict(row.numbers[at] ?? -1);
    if (verdict === undefined)
      throw new DataError(`verdicts.json lacks a verdict of the row ${key} of ${id}.`);
    return [worker, decodeVerdict(verdict, own)] as const;
  });
  return {
    id,
    facts: decodeFacts(row.shared, own, decodeVolatile(volatile)),
    verdicts: new Map(verdicts),
    detailed: own.v !== undefined,
  };
}

/** Its head is enough to find a model; the list of files may be megabytes long. */
const HEAD_BYTES = 4_096;

async function readHeader(dir: string): Promise<Header> {
  let head: string;
  try {
    const file = await open(join(dir, 'manifest.json'));
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    await file.close();
    head = buffer.toString('utf8', 0, bytesRead);
  } catch (cause) {
    throw new UsageError(
      `${dir} holds no manifest.json. Run npm run build:matrix first, or name another --out.`,
      { cause },
    );
  }
  const cut = head.indexOf('"files": [');
  const parsed = manifestFile.safeParse(parseJson(`${head.slice(0, cut)}"files":[]}`));
  if (!parsed.success)
    throw new DataError(`${dir}/manifest.json is not of this schema version. Build it anew.`);
  const { files: _, ...header } = parsed.data;
  return header;
}

async function readManifest(dir: string): Promise<Manifest> {
  const parsed = manifestFile.safeParse(parseJson(await readText(dir, 'manifest.json')));
  if (!parsed.success) throw new DataError(`${dir}/manifest.json is damaged. Build it anew.`);
  return parsed.data;
}

/** undefined where there is no such file: no model lies there. */
async function readOptional(dir: string, path: string): Promise<string | undefined> {
  try {
    return await readFile(join(dir, path), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new DataError(`${dir}/${path} cannot be read.`, { cause: error });
  }
}

async function readText(dir: string, path: string): Promise<string> {
  try {
    return await readFile(join(dir, path), 'utf8');
  } catch (cause) {
    throw new DataError(`${dir} lacks ${path}, which its manifest names. Build it anew.`, { cause });
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
