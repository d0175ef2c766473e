/** The names that data shards and their readers share: one letter a fact. docs/out-format.md explains them. */
import type { Source } from '../extract/metadata.ts';

/** Facts with a source, in the order of the letters of `s`. */
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

export const SOURCE_LETTERS: Readonly<Record<Source, string>> = {
  config: 'c',
  gguf: 'g',
  safetensors: 's',
  listing: 'l',
  'file-name': 'n',
  'base-model': 'b',
};

/** What a data shard says of a model, beside its id and the key of its row. Absent: unknown, none or no. */
export interface EncodedFacts {
  k?: string;
  t?: string;
  m?: string;
  c?: string;
  g?: string;
  f?: string;
  q?: string;
  p?: number;
  a?: number;
  x?: number;
  w?: number;
  /** A letter per fact above, `-` where it is unknown. */
  s?: string;
  /** Gated: `a` auto, `m` manual, `?` unknown. */
  G?: string;
  /** Attention: layers, numbers per token and layer, layers with a window, its tokens. */
  A?: readonly [number, number, number, number];
  /** Base models: the relation, then their ids; of refused models only where they are copies. */
  b?: readonly [string, ...string[]];
  /** Only of allowlisted models: commit sha, license, dates, custom code, notes, variants. */
  h?: string;
  l?: string;
  d?: readonly [string, string];
  y?: 1;
  n?: readonly string[];
  v?: readonly EncodedVariant[];
}

/** [id, layout, quantization source letter or `-`, size in bytes or -1, missing parts, files...] */
export type EncodedVariant = readonly [string, string, string, number, number, ...string[]];
