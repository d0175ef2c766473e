/** Reads the shape of a model's attention, as far as its memory for a context depends on it. */

import type { Tables } from '../data/tables.ts';
import { field, type JsonObject } from '../lib/json.ts';
import { type Configs, textConfig, wholeNumber } from './config.ts';
import { type Defaults, defaultsOf } from './defaults.ts';
import { type LayerCache, layerCaches, MAX_LAYERS } from './layers.ts';
import type { Attention, LayerGroup } from './metadata.ts';

/**
 * Returns the shape; `unknown` unless config.json and the defaults of its class give every number that the
 * formulas need.
 */
export function readAttention(
  { file }: Configs,
  tables: Pick<Tables, 'configDefaults'>,
): Attention | 'unknown' {
  if (file === undefined || field(file, 'is_encoder_decoder') === true) return 'unknown';
  const text = textConfig(file);
  const defaults = defaultsOf(file, text, tables);
  // A nested config is saved as what differs from its class; one at the top is written out, or by hand.
  const shape = new Shape(text, text === file ? withoutSizes(defaults) : defaults);
  const layers = shape.first(LAYERS, shape.defaults?.layers);
  if (layers === undefined || layers > MAX_LAYERS) return 'unknown';
  const caches = layerCaches(text, layers, defaults);
  if (caches === undefined) return 'unknown';
  const groups: LayerGroup[] = [];
  for (const [at, cache] of caches.layers.entries()) {
    const group = groupOf(shape, cache, at, layers);
    if (group === undefined) return 'unknown';
    addLayer(groups, group);
  }
  return { source: shape.usedDefaults || caches.fromDefaults ? 'config-default' : 'config', groups };
}

function withoutSizes(defaults: Defaults | undefined): Defaults | undefined {
  if (defaults === undefined) return undefined;
  const { layers: _layers, heads: _heads, hidden: _hidden, ...structure } = defaults;
  return structure;
}

const LAYERS = ['num_hidden_layers', 'n_layer', 'num_layers', 'n_layers'] as const;
const HEADS = ['num_attention_heads', 'n_head', 'n_heads', 'num_heads'] as const;
const HIDDEN = ['hidden_size', 'n_embd', 'd_model', 'model_dim'] as const;
/**
 * The fields with key-value heads. Falcon: num_kv_heads or n_head_kv; ChatGLM: multi_query_group_num; DBRX
 * and MPT: inside attn_config.
 */
const KEY_VALUE_HEADS = [
  'num_key_value_heads',
  'num_kv_heads',
  'n_head_kv',
  'multi_query_group_num',
] as const;
/** The fields with the width of a head. `kv_channels`: ChatGLM and Qwen 1. */
const HEAD_DIMS = ['head_dim', 'kv_channels'] as const;

/** The numbers of one text config, with a note whether a default was used for one. */
class Shape {
  usedDefaults = false;
  readonly text: JsonObject;
  readonly defaults: Defaults | undefined;

  constructor(text: JsonObject, defaults: Defaults | undefined) {
    this.text = text;
    this.defaults = defaults;
  }

  /** Returns the first of the fields that holds a positive number, else the default. */
  first(names: readonly string[], fallback?: number): number | undefined {
    for (const name of names) {
      const value = positive(field(this.text, name));
      if (value !== undefined) return value;
    }
    if (fallback !== undefined) this.usedDefaults = true;
    return fallback;
  }

  heads(): number | undefined {
    return this.first(HEADS, this.defaults?.heads);
  }

  /**
   * Returns the key-value heads; `undefined` where they are listed for each layer in a form that is not read.
   */
  keyValueHeads(layer: number): number | undefined {
    const listed = field(this.text, 'num_kv_heads') ?? field(this.text, 'num_key_value_heads_per_layer');
    if (Array.isArray(listed)) return positive(listed[layer]);
    const perBlock = this.#headsOfBlock(layer);
    if (perBlock !== undefined) return perBlock;
    if (Array.isArray(field(this.text, 'num_key_value_heads'))) {
      return positive((field(this.text, 'num_key_value_heads') as unknown[])[layer]);
    }
    return this.#oneQuery() ?? this.#groupedHeads();
  }

  /**
   * Returns 1 for `multi_query: true` (Falcon 7B), unless the newer decoder states its own number of
   * key-value heads.
   */
  #oneQuery(): number | undefined {
    const single =
      field(this.text, 'multi_query') === true && field(this.text, 'new_decoder_architecture') !== true;
    return single ? 1 : undefined;
  }

  #groupedHeads(): number | undefined {
    const nested = positive(field(field(this.text, 'attn_config'), 'kv_n_heads'));
    const grouped =
      field(this.text, 'multi_query_attention') === false ? KEY_VALUE_HEADS.slice(0, 3) : KEY_VALUE_HEADS;
    return nested ?? this.first(grouped, this.defaults?.keyValueHeads) ?? this.heads();
  }

  /**
   * Returns the heads of DeciLM, which lists its blocks, each with the number of query heads that share a
   * key-value head.
   */
  #headsOfBlock(layer: number): number | undefined {
    const blocks = field(this.text, 'block_configs');
    const block = field(Array.isArray(blocks) ? blocks[layer] : undefined, 'attention');
    const own = positive(field(block, 'num_key_value_heads'));
    const inGroup = positive(field(block, 'n_heads_in_group'));
    const heads = inGroup === undefined ? undefined : this.heads();
    return own ?? (inGroup === undefined || heads === undefined ? undefined : heads / inGroup);
  }

  headDim(): number | undefined {
    const stated = this.first(HEAD_DIMS) ?? this.first([], this.defaults?.headDim);
    if (stated !== undefined) return stated;
    const hidden = this.first(HIDDEN, this.defaults?.hidden);
    const heads = this.heads();
    return hidden === undefined || heads === undefined ? undefined : hidden / heads;
  }
}

/** Returns one layer as a group of its own; undefined where a number is missing. */
function groupOf(shape: Shape, cache: LayerCache, at: number, layers: number): LayerGroup | undefined {
  if (cache === 'none' || isShared(shape.text, at, layers)) return NO_CACHE;
  const latent = latentGroup(shape);
  if (latent !== undefined) return latent;
  if (shape.defaults?.latent === true) return undefined;
  const elements = cache === 'full' ? fullElements(shape, at) : windowElements(shape, at);
  if (elements === undefined || !Number.isSafeInteger(elements)) return undefined;
  return cache === 'full'
    ? { layers: 1, cache: 'full', elementsPerToken: elements }
    : { layers: 1, cache: 'window', elementsPerToken: elements, window: cache.window };
}

const NO_CACHE: LayerGroup = { layers: 1, cache: 'none', elementsPerToken: 0 };

/**
 * Tells whether a layer uses the keys and values of an earlier one, as the last of Gemma 3n and Gemma 4 E do.
 */
function isShared(text: JsonObject, at: number, layers: number): boolean {
  const shared = positive(field(text, 'num_kv_shared_layers'));
  return shared !== undefined && at >= layers - shared;
}

/**
 * Returns the group of latents: DeepSeek-V3 keeps 512 + 64 elements for a token; with an index of its own
 * (V3.2) also the index key.
 */
function latentGroup(shape: Shape): LayerGroup | undefined {
  const { text } = shape;
  const rank = positive(field(text, 'kv_lora_rank'));
  if (rank === undefined) return undefined;
  const rope = positive(field(text, 'qk_rope_head_dim')) ?? 0;
  const index = positive(field(text, 'index_head_dim')) ?? 0;
  const heads = shape.heads();
  const content = positive(field(text, 'qk_nope_head_dim'));
  const group = { layers: 1, cache: 'latent', elementsPerToken: rank + rope + index } as const;
  if (heads === undefined || content === undefined) return group;
  return { ...group, expandedElementsPerToken: 2 * heads * (content + rope) };
}

/** Returns the elements of layers that see everything: Gemma 4 gives them fewer and wider heads. */
function fullElements(shape: Shape, at: number): number | undefined {
  const { text } = shape;
  const kvHeads = positive(field(text, 'num_global_key_value_heads')) ?? shape.keyValueHeads(at);
  const dim = positive(field(text, 'global_head_dim')) ?? shape.headDim();
  return elementsOf(kvHeads, dim, positive(field(text, 'v_head_dim')));
}

/** Returns the elements of layers with a window: MiMo-V2 gives them heads of their own. */
function windowElements(shape: Shape, at: number): number | undefined {
  const { text } = shape;
  const kvHeads = positive(field(text, 'swa_num_key_value_heads')) ?? shape.keyValueHeads(at);
  const dim = positive(field(text, 'swa_head_dim')) ?? shape.headDim();
  const values = positive(field(text, 'swa_v_head_dim')) ?? positive(field(text, 'v_head_dim'));
  return elementsOf(kvHeads, dim, values);
}

function elementsOf(
  kvHeads: number | undefined,
  keyDim: number | undefined,
  valueDim: number | undefined,
): number | undefined {
  return kvHeads === undefined || keyDim === undefined
    ? undefined
    : kvHeads * (keyDim + (valueDim ?? keyDim));
}

/** Adds a layer to its group. Groups are in the order in which their first layers come. */
function addLayer(groups: LayerGroup[], layer: LayerGroup): void {
  const at = groups.findIndex(
    ({ cache, elementsPerToken, window }) =>
      cache === layer.cache && elementsPerToken === layer.elementsPerToken && window === layer.window,
  );
  const group = groups[at];
  if (group === undefined) groups.push(layer);
  else groups[at] = { ...group, layers: group.layers + 1 };
}

function positive(value: unknown): number | undefined {
  const number = wholeNumber(value);
  return number !== undefined && number > 0 ? number : undefined;
}
