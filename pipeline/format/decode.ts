/** Decodes a line of a data shard into a model and its verdicts. `encode.ts` is the other direction. */

import { adviseContext } from '../evaluate/context.ts';
import type { Verdict } from '../evaluate/verdict.ts';
import type { Fact, Kind, Layout, ModelMetadata, Source, Variant } from '../extract/metadata.ts';
import {
  decodeAttention,
  type EncodedVariant,
  KEPT_VARIANT,
  type OwnFacts,
  type SharedFacts,
  SOURCE_LETTERS,
  SOURCED_FACTS,
  splitVariantId,
  type TableVerdict,
} from './encoding.ts';

/** A model as out/ knows it: its facts, and a verdict per worker id. */
export interface MatrixModel {
  readonly id: string;
  readonly facts: Omit<
    ModelMetadata,
    | 'id'
    | 'filesKnown'
    | 'companions'
    | 'private'
    | 'disabled'
    | 'configUnreadable'
    | 'configRead'
    | 'experts'
    | 'otherClasses'
  >;
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /**
   * True where the facts are complete. Models off the allowlist keep the facts that their refusal rests on:
   * not the license, commit, dates, notes, and names and sizes of files.
   */
  readonly detailed: boolean;
}

export interface VolatileFacts {
  readonly downloads: number | 'unknown';
  readonly likes: number | 'unknown';
  readonly trendingScore: number | 'unknown';
}

const SOURCES = new Map(Object.entries(SOURCE_LETTERS).map(([source, letter]) => [letter, source as Source]));

export function decodeFacts(
  shared: SharedFacts,
  own: OwnFacts,
  volatile: VolatileFacts,
): MatrixModel['facts'] {
  const facts = { ...shared, ...own };
  return {
    ...decodeSourced(facts),
    attention: facts.A === undefined ? 'unknown' : decodeAttention(facts.A),
    sha: facts.h ?? 'unknown',
    license: facts.l ?? 'unknown',
    gated: decodeGate(facts.G),
    customCode: facts.y === 1,
    baseModels: { relation: facts.b?.[0] ?? 'unknown', ids: facts.b?.slice(1) ?? [] },
    createdAt: facts.d?.[0] || 'unknown',
    lastModified: facts.d?.[1] || 'unknown',
    notes: facts.n ?? [],
    variants:
      facts.v?.map(decodeVariant) ??
      (facts.V ?? []).map((id, at) => decodeKept(id, facts.i?.[at] ?? facts.i?.[0], facts.z?.[at])),
    ...volatile,
  };
}

/**
 * Returns a verdict of the table with the variants of this model put in, on a worker that takes so many
 * tokens.
 */
export function decodeVerdict(
  { set, ...verdict }: TableVerdict,
  { v, V, r, x }: OwnFacts,
  maxTokens: number | null,
): Verdict {
  if (set === undefined) return { ...verdict, variants: [], recommendedVariant: null };
  const ids = v?.map(([id]) => id) ?? V ?? [];
  const [recommended = -1, ...running] = r?.[set] ?? [];
  const complete = {
    ...verdict,
    variants: running.length === 0 ? ids : running.map((at) => ids[at] ?? ''),
    recommendedVariant: ids[recommended] ?? null,
  };
  return adviseContext(complete, x, maxTokens ?? 'unknown');
}

function decodeGate(letter: string | undefined): ModelMetadata['gated'] {
  if (letter === undefined) return 'no';
  return letter === 'a' ? 'auto' : letter === 'm' ? 'manual' : 'unknown';
}

type Sourced = Pick<
  ModelMetadata,
  | 'kind'
  | 'task'
  | 'modelType'
  | 'architectureClass'
  | 'ggufArchitecture'
  | 'architecture'
  | 'quantizationMethod'
  | 'parameters'
  | 'contextLength'
  | 'slidingWindow'
>;

function decodeSourced(facts: SharedFacts & OwnFacts): Sourced {
  const fact = <T>(at: number): Fact<T> => {
    const letter = SOURCED_FACTS[at]?.[0];
    const source = SOURCES.get(facts.s[at] ?? '-');
    const value = letter === undefined ? undefined : facts[letter];
    return source === undefined || value === undefined ? 'unknown' : { value: value as T, source };
  };
  return {
    kind: fact<Kind>(0),
    task: fact<string>(1),
    modelType: fact<string>(2),
    architectureClass: fact<string>(3),
    ggufArchitecture: fact<string>(4),
    architecture: fact<string>(5),
    quantizationMethod: fact<string>(6),
    parameters: { total: fact<number>(7), active: fact<number>(8) },
    contextLength: fact<number>(9),
    slidingWindow: fact<number>(10),
  };
}

/** Decodes a variant of a line's `v`. */
function decodeVariant([id, layout, source, bytes, missingShards, ...files]: EncodedVariant): Variant {
  const { format, label } = splitVariantId(id);
  const known = SOURCES.get(source);
  return {
    id,
    format,
    layout: layout as Layout,
    quantization: known === undefined ? 'unknown' : { value: label, source: known },
    files,
    sizeBytes: bytes < 0 ? 'unknown' : bytes,
    weightShards: files.length + Math.max(0, missingShards),
    missingShards: missingShards < 0 ? 'unknown' : missingShards,
  };
}

const LAYOUTS = new Map(
  (['root', 'folder', 'diffusers'] as const).map((layout) => [layout.slice(0, 1), layout]),
);

/** Decodes a variant without the names of its files, which are kept of allowlisted models only. */
function decodeKept(id: string, code = '', bytes = -1): Variant {
  const [, letter = 'r', source = '-', files = '1', missing = '0'] = KEPT_VARIANT.exec(code) ?? [];
  const missingShards = missing === '?' ? -1 : Number(missing);
  const variant = decodeVariant([id, LAYOUTS.get(letter) ?? 'root', source, bytes, missingShards]);
  return { ...variant, weightShards: Number(files) + Math.max(0, missingShards) };
}

export function decodeVolatile(line: readonly number[] | undefined): VolatileFacts {
  const [downloads, likes, trendingScore] = (line ?? []).map((n) => (n < 0 ? ('unknown' as const) : n));
  return {
    downloads: downloads ?? 'unknown',
    likes: likes ?? 'unknown',
    trendingScore: trendingScore ?? 'unknown',
  };
}
