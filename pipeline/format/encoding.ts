/**
 * The names that data shards and their readers share: one letter for each fact. docs/out-format.md explains
 * them.
 */
import type { Verdict } from '../evaluate/verdict.ts';
import type { Attention, Format, LayerGroup, Source } from '../extract/metadata.ts';

/**
 * The version of the layout of out/. It is raised when a path, a field or a code changes its meaning or is
 * removed.
 */
export const SCHEMA_VERSION = 4;

/** Facts with a source, in the order of the letters of `s`; the first seven are shared. */
export const SOURCED_FACTS = [
  ['k', 'kind'],
  ['t', 'task'],
  ['m', 'modelType'],
  ['c', 'architectureClass'],
  ['g', 'ggufArchitecture'],
  ['f', 'architecture'],
  ['q', 'quantizationMethod'],
  ['p', 'totalParameters'],
  ['a', 'activeParameters'],
  ['x', 'contextLength'],
  ['w', 'slidingWindow'],
] as const;

/** The number of sourced facts that are shared. */
export const SHARED_FACTS = 7;

export const SOURCE_LETTERS: Readonly<Record<Source, string>> = {
  config: 'c',
  'config-default': 'd',
  gguf: 'g',
  safetensors: 's',
  listing: 'l',
  'file-name': 'n',
  'base-model': 'b',
};

/** Facts that thousands of models share: rows/ holds them once for each row. Absent: unknown, none or no. */
export interface SharedFacts {
  k?: string;
  t?: string;
  m?: string;
  c?: string;
  g?: string;
  f?: string;
  q?: string;
  /** A letter per sourced fact, `-` where it is unknown. */
  s: string;
  /** Gated: `a` auto, `m` manual, `?` unknown. */
  G?: string;
}

/** The facts that a data shard holds of one model, beside its id and the key of its row. */
export interface OwnFacts {
  p?: number;
  a?: number;
  x?: number;
  w?: number;
  /** Attention: the source's letter, then its layer groups. */
  A?: readonly [string, ...EncodedLayerGroup[]];
  /** Base models: the relation, then their ids; of refused models only where they are copies. */
  b?: readonly [string, ...string[]];
  /** The sets of variants that its verdicts point to, of models that some worker runs. */
  r?: readonly EncodedSet[];
  /** The ids of its variants, of models off the allowlist. */
  V?: readonly string[];
  /** The other facts of these variants that refusals rest on: a code of each, or one for all of them. */
  i?: readonly string[];
  /**
   * The sizes of these variants in bytes, -1 where unknown; absent where no worker runs the model, or no size
   * is known.
   */
  z?: readonly number[];
  /**
   * The first of the fields that only allowlisted models have: commit sha, license, dates, custom code,
   * notes, variants.
   */
  h?: string;
  l?: string;
  d?: readonly [string, string];
  y?: 1;
  n?: readonly string[];
  v?: readonly EncodedVariant[];
}

/**
 * The number of the recommended variant (-1: none), then those of the variants that run; all of them where
 * none is listed.
 */
export type EncodedSet = readonly [number, ...number[]];

/** [id, layout, quantization source letter or `-`, size in bytes or -1, missing parts or -1, files...] */
export type EncodedVariant = readonly [string, string, string, number, number, ...string[]];

/**
 * Matches the code of a variant off the allowlist: the layout's letter, that of the quantization's source or
 * `-`, files, and missing parts or `?`.
 */
export const KEPT_VARIANT = /^([rfd])([a-z-])(\d+)(?:\+(\d+|\?))?$/;

/**
 * A verdict as verdicts.json holds it for all models, with marks (lib/placeholders.ts) for names: `set` is
 * the number of the set of `r` that has the variants that run.
 */
export type TableVerdict = Omit<Verdict, 'variants' | 'recommendedVariant'> & { readonly set?: number };

/** [layers, cache letter, elements per token, and the window of `w` or the expanded elements of `l` where known] */
type EncodedLayerGroup = readonly [number, string, number, number?];

const CACHE_LETTERS = { full: 'f', window: 'w', latent: 'l', none: 'n' } as const;
const CACHES = new Map(
  Object.entries(CACHE_LETTERS).map(([cache, letter]) => [letter as string, cache as LayerGroup['cache']]),
);
const ATTENTION_LETTERS: Readonly<Record<Attention['source'], string>> = {
  config: SOURCE_LETTERS.config,
  'config-default': SOURCE_LETTERS['config-default'],
  gguf: SOURCE_LETTERS.gguf,
  'base-model': SOURCE_LETTERS['base-model'],
  'same-size': 'z',
};
const ATTENTION_SOURCES = new Map(
  Object.entries(ATTENTION_LETTERS).map(([source, letter]) => [letter, source as Attention['source']]),
);

export function encodeAttention({ source, groups }: Attention): NonNullable<OwnFacts['A']> {
  return [ATTENTION_LETTERS[source], ...groups.map(encodeGroup)];
}

function encodeGroup({
  layers,
  cache,
  elementsPerToken,
  expandedElementsPerToken,
  window,
}: LayerGroup): EncodedLayerGroup {
  const more = cache === 'window' ? window : expandedElementsPerToken;
  const group = [layers, CACHE_LETTERS[cache], elementsPerToken] as const;
  return more === undefined ? group : [...group, more];
}

/** Returns the attention that `A` of a model encodes. */
export function decodeAttention([letter, ...groups]: NonNullable<OwnFacts['A']>): Attention {
  return { source: ATTENTION_SOURCES.get(letter) ?? 'config', groups: groups.map(decodeGroup) };
}

function decodeGroup([layers, letter, elementsPerToken, more]: EncodedLayerGroup): LayerGroup {
  const cache = CACHES.get(letter) ?? 'full';
  const group = { layers, cache, elementsPerToken };
  if (more === undefined) return group;
  return cache === 'window' ? { ...group, window: more } : { ...group, expandedElementsPerToken: more };
}

/** Splits `gguf:Q4_K_M#2` into format and label; its mark `#2` only keeps twins apart. */
export function splitVariantId(id: string): { readonly format: Format; readonly label: string } {
  const [format = '', label = ''] = (id.includes('#') ? id.replace(/#\d+$/, '') : id).split(':');
  return { format: format as Format, label };
}
