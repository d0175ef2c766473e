/** Reads models from the data shards: one, several, or all. */
import { decodeFacts, decodeVerdict, decodeVolatile, type MatrixModel } from '../format/decode.ts';
import type { OwnFacts } from '../format/encoding.ts';
import { firstPrefixOf, prefixOfHash, shardName } from '../format/hash-prefix.ts';
import { compareNames } from '../lib/compare.ts';
import { DataError } from '../lib/errors.ts';
import { parseJson } from '../lib/json.ts';
import type { OpenedOut } from './opened.ts';
import * as say from './sentences.ts';

/** A data shard, and the ids that are looked for in it. */
interface WantedShard {
  readonly name: string;
  readonly prefix: number;
  readonly ids: Set<string>;
}

/** A line of a data shard, with downloads, likes and trend of its model. */
type Line = readonly [line: string, volatile: readonly number[] | undefined];

export class ModelShards {
  readonly #out: OpenedOut;

  constructor(out: OpenedOut) {
    this.#out = out;
  }

  names(): string[] {
    const paths = this.#out.files.paths().filter((path) => path.startsWith('models/'));
    return paths.map((path) => path.slice('models/'.length, -'.jsonl'.length));
  }

  async *all(shard?: string): AsyncGenerator<MatrixModel> {
    const { files, header } = this.#out;
    for (const name of shard === undefined ? this.names() : [shard]) {
      const volatile = await this.#readVolatile(firstPrefixOf(name, header.shardBits), name);
      const lines = (await files.read(`models/${name}.jsonl`)).split('\n').slice(0, -1);
      for (const [at, line] of lines.entries()) yield this.#decode([line, volatile[at]]);
    }
  }

  async *ids(): AsyncGenerator<string> {
    for (const name of this.names())
      for (const line of (await this.#out.files.read(`models/${name}.jsonl`)).split('\n').slice(0, -1))
        yield idOf(line);
  }

  async *find(ids: readonly string[]): AsyncGenerator<MatrixModel> {
    for (const shard of await this.#shardsOf(ids))
      for (const line of await this.#linesOf(shard)) yield this.#decode(line);
  }

  async downloads(ids: readonly string[]): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    for (const shard of await this.#shardsOf(ids))
      for (const [line, [count = -1] = []] of await this.#linesOf(shard))
        if (count >= 0) found.set(idOf(line), count);
    return found;
  }

  /** Reads ids and downloads alone: no verdict is decoded. */
  async mostDownloaded(most: number): Promise<string[]> {
    const { files, header } = this.#out;
    let ranked: (readonly [id: string, downloads: number])[] = [];
    const cut = () => ranked.sort((a, b) => b[1] - a[1] || compareNames(a[0], b[0])).slice(0, most);
    for (const name of this.names()) {
      const volatile = await this.#readVolatile(firstPrefixOf(name, header.shardBits), name);
      const lines = (await files.read(`models/${name}.jsonl`)).split('\n').slice(0, -1);
      for (const [at, line] of lines.entries()) ranked.push([idOf(line), volatile[at]?.[0] ?? -1]);
      if (ranked.length > 2 * most) ranked = cut();
    }
    return cut().map(([id]) => id);
  }

  /** Groups the ids by the data shard that would hold them. */
  async #shardsOf(ids: readonly string[]): Promise<WantedShard[]> {
    const { source, header } = this.#out;
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

  /** Returns the lines of the wanted models. */
  async #linesOf({ name, prefix, ids }: WantedShard): Promise<Line[]> {
    const text = await this.#out.files.readOptional(`models/${name}.jsonl`);
    if (text === undefined) return [];
    const volatile = await this.#readVolatile(prefix, name);
    return text
      .split('\n')
      .flatMap((line, at): Line[] => (ids.has(idOf(line)) ? [[line, volatile[at]]] : []));
  }

  async #readVolatile(prefix: number, shard: string): Promise<readonly number[][]> {
    const { files, header } = this.#out;
    const file = shardName(prefix, header.volatileBits);
    const shards = (await files.readJson(`volatile/${file}.json`)) as Record<string, number[][]>;
    return shards[shard] ?? [];
  }

  async #decode([line, volatile]: Line): Promise<MatrixModel> {
    const parsed = parseJson(line);
    if (!Array.isArray(parsed)) throw new DataError(say.LINE_DAMAGED);
    const [id, key, own] = parsed as [string, string, OwnFacts];
    const { verdicts, shared } = await this.#out.rows.row(key);
    const { workers, maxContextLengths } = await this.#out.table();
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
}

/** Returns the repo id of a line, which begins with `["ID",`. */
function idOf(line: string): string {
  return line.slice(2, line.indexOf('"', 2));
}
