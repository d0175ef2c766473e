/** Opens an out/ and answers from it: one model, one worker, the allowlist, the changes. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type * as z from 'zod';
import type { Verdict } from '../evaluate/verdict.ts';
import type { EncodedFacts } from '../lib/encoding.ts';
import { DataError, UsageError } from '../lib/errors.ts';
import { shardHash } from '../lib/hash.ts';
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
import { decodeFacts, decodeVolatile, type MatrixModel } from './decode.ts';

interface Verdicts {
  readonly workers: readonly string[];
  readonly verdicts: readonly Verdict[];
  readonly rows: Readonly<Record<string, readonly number[]>>;
}

export interface Matrix {
  readonly manifest: Manifest;
  /** Everything known of a model, or undefined when it was never listed. */
  model(id: string): Promise<MatrixModel | undefined>;
  /** Whether a gate worker runs it. */
  has(id: string): Promise<boolean>;
  /** The models that a worker runs, by confidence. */
  worker(id: string): Promise<{ high: string[]; medium: string[]; low: string[] }>;
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
  const manifest = await readManifest(dir);
  const read = (path: string) => readText(dir, path);
  const verdicts = once(async () => JSON.parse(await read('verdicts.json')) as Verdicts);
  const allowlist = once(async () => allowlistFile.parse(JSON.parse(await read('allowlist.json'))));
  const allowed = once(async () => new Set(await allowlist()));
  const paths = new Set(manifest.files.map(({ path }) => path));

  async function model(id: string): Promise<MatrixModel | undefined> {
    const name = shardHash(id).slice(0, manifest.shardDigits);
    if (!paths.has(`models/${name}.jsonl`)) return undefined;
    const lines = (await read(`models/${name}.jsonl`)).split('\n');
    const start = `[${JSON.stringify(id)},`;
    const at = lines.findIndex((line) => line.startsWith(start));
    if (at < 0) return undefined;
    return decodeLine(lines[at] ?? '', (await readVolatile(name))[at], await verdicts());
  }

  async function readCopies(base: string): Promise<readonly string[]> {
    const path = `copies/${shardHash(base).slice(0, manifest.shardDigits)}.json`;
    if (!paths.has(path)) return [];
    const copies = new Map(Object.entries(JSON.parse(await read(path)) as Record<string, string[]>));
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

  async function readVolatile(name: string): Promise<number[][]> {
    return JSON.parse(await read(`volatile/${name}.json`)) as number[][];
  }

  async function* models(): AsyncGenerator<MatrixModel> {
    for (const path of [...paths].filter((p) => p.startsWith('models/'))) {
      const name = path.slice('models/'.length, -'.jsonl'.length);
      const volatile = await readVolatile(name);
      const lines = (await read(path)).split('\n').slice(0, -1);
      for (const [at, line] of lines.entries()) yield decodeLine(line, volatile[at], await verdicts());
    }
  }

  return {
    manifest,
    model,
    models,
    copiesOf,
    attentionOf,
    workers: async () => workersFile.parse(JSON.parse(await read('workers.json'))),
    allowlist,
    has: async (id) => (await allowed()).has(id),
    worker: async (id) => {
      if (!paths.has(`workers/${id}.json`)) throw new UsageError(`${dir} knows no worker ${id}.`);
      return workerModelsFile.parse(JSON.parse(await read(`workers/${id}.json`)));
    },
    changes: async () => changesFile.parse(JSON.parse(await read('changes.json'))),
  };
}

function decodeLine(line: string, volatile: number[] | undefined, verdicts: Verdicts): MatrixModel {
  const [id, row, facts] = JSON.parse(line) as [string, string, EncodedFacts];
  const numbers = verdicts.rows[row] ?? [];
  const perWorker = verdicts.workers.map(
    (worker, at) => [worker, verdicts.verdicts[numbers[at] ?? -1]] as const,
  );
  const found = perWorker.filter((entry): entry is readonly [string, Verdict] => entry[1] !== undefined);
  if (found.length !== verdicts.workers.length)
    throw new DataError(`verdicts.json lacks the row ${row} of ${id}.`);
  return {
    id,
    facts: decodeFacts(facts, decodeVolatile(volatile)),
    verdicts: new Map(found),
    detailed: facts.v !== undefined,
  };
}

async function readManifest(dir: string): Promise<Manifest> {
  let text: string;
  try {
    text = await readFile(join(dir, 'manifest.json'), 'utf8');
  } catch (cause) {
    throw new UsageError(
      `${dir} holds no manifest.json. Run npm run build:matrix first, or name another --out.`,
      { cause },
    );
  }
  const parsed = manifestFile.safeParse(JSON.parse(text));
  if (!parsed.success)
    throw new DataError(`${dir}/manifest.json is not of this schema version. Build it anew.`);
  return parsed.data;
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
