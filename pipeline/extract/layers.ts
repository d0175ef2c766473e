/** Reads which cache each layer of a model keeps, from the fields in which config.json states it. */
import { field, type JsonObject, stringField } from '../lib/json.ts';
import { wholeNumber } from './config.ts';
import type { Defaults } from './defaults.ts';

export const MAX_LAYERS = 1_000;

/** The cache of one layer: all tokens, the last ones, or nothing that grows. */
export type LayerCache = 'full' | 'none' | { readonly window: number };

export interface LayerCaches {
  readonly layers: readonly LayerCache[];
  /** True where a default of the config class decided. */
  readonly fromDefaults: boolean;
}

/** Returns the caches; undefined where layers differ in a way that is not read. */
export function layerCaches(
  text: JsonObject,
  layers: number,
  defaults: Defaults | undefined,
): LayerCaches | undefined {
  const window = readWindow(text, defaults);
  const facts: LayerFacts = { text, layers, window: window?.tokens, defaults };
  const stated = firstStated(facts);
  if (stated === 'unread') return undefined;
  const windowDefault = window?.fromDefaults === true;
  if (stated !== undefined) return { layers: stated, fromDefaults: windowDefault && stated.some(isWindow) };
  const pattern = readPattern(facts);
  // A pattern that has layers without a cache is what these fields are about.
  const isRead = pattern?.layers.includes('none') === true;
  if (!isRead && UNREAD_FIELDS.some((key) => isStated(field(text, key)))) return undefined;
  if (pattern !== undefined) return { ...pattern, fromDefaults: pattern.fromDefaults || windowDefault };
  if (defaults?.layersDiffer === true) return undefined;
  return { layers: uniform(facts), fromDefaults: windowDefault };
}

function firstStated(facts: LayerFacts): Stated {
  for (const rule of STATED) {
    const found = rule(facts);
    if (found !== undefined) return found;
  }
  return undefined;
}

const isWindow = (cache: LayerCache) => typeof cache === 'object';

interface LayerFacts {
  readonly text: JsonObject;
  readonly layers: number;
  readonly window: number | undefined;
  readonly defaults: Defaults | undefined;
}

type Stated = readonly LayerCache[] | 'unread' | undefined;

/** Fields that make layers differ and are not read here: the memory is unknown where one is set. */
const UNREAD_FIELDS = [
  'mamba_d_state',
  'mamba_d_ssm',
  'ssm_state_size',
  'ssm_cfg',
  'state_size',
  'linear_num_key_heads',
  'compress_ratios',
  'attention_types',
  'mb_per_layer',
  'use_cla',
  'sliding_window_layers',
  'attention_other_setting',
] as const;

function isStated(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== 0;
}

/**
 * Returns how many tokens a window holds. `use_sliding_window: false` switches it off (Qwen2.5); a stated
 * null means none.
 */
function readWindow(
  text: JsonObject,
  defaults: Defaults | undefined,
): { readonly tokens: number; readonly fromDefaults: boolean } | undefined {
  const use = field(text, 'use_sliding_window');
  if (use === false || (use !== true && defaults?.windowOff === true)) return undefined;
  for (const key of [
    'sliding_window',
    'sliding_window_size',
    'attention_window_size',
    'attention_chunk_size',
  ]) {
    const tokens = wholeNumber(field(text, key));
    if (tokens !== undefined && tokens > 0) return { tokens, fromDefaults: false };
    if (field(text, key) === null) return undefined;
  }
  // Where all layers are alike, a class default says less than configs that switch the window off (Mistral 7B v0.2).
  const always = defaults?.fullEvery !== undefined && defaults.otherLayers === 'window';
  return always && defaults.window !== undefined
    ? { tokens: defaults.window, fromDefaults: true }
    : undefined;
}

/** The names of layer types in transformers 5.18.0 (configuration_utils.py, ALLOWED_LAYER_TYPES) and in custom code. */
const CACHE_OF_TYPE: ReadonlyMap<string, 'full' | 'window' | 'none'> = new Map([
  ['full_attention', 'full'],
  ['attention', 'full'],
  ['sliding_attention', 'window'],
  ['chunked_attention', 'window'],
  ['local_attention', 'window'],
  ['linear_attention', 'none'],
  ['conv', 'none'],
  ['mamba', 'none'],
  ['mamba2', 'none'],
  ['recurrent', 'none'],
  ['moe', 'none'],
  ['mlp', 'none'],
]);

/** Places in which a config states the type of every layer; the first that is there decides. */
const STATED: readonly ((facts: LayerFacts) => Stated)[] = [
  typeList,
  repeatedBlocks,
  patternString,
  hybridNumbers,
  indices,
  kimiLinear,
  deciBlocks,
  crossAttention,
];

/** Reads `layer_types`, or `layers_block_type` of Bamba and others. */
function typeList({ text, layers, window }: LayerFacts): Stated {
  const list = field(text, 'layer_types') ?? field(text, 'layers_block_type');
  if (!Array.isArray(list) || list.length === 0) return undefined;
  return list.length < layers ? 'unread' : cachesOf(list.slice(0, layers), window);
}

function cachesOf(types: readonly unknown[], window: number | undefined): Stated {
  const caches: LayerCache[] = [];
  for (const type of types) {
    const cache = CACHE_OF_TYPE.get(String(type));
    if (cache === undefined || (cache === 'window' && window === undefined)) return 'unread';
    caches.push(cache === 'window' ? { window: window ?? 0 } : cache);
  }
  return caches;
}

/** Reads `block_types`, which RecurrentGemma repeats; its attention looks back over a window only. */
function repeatedBlocks({ text, layers, window }: LayerFacts): Stated {
  const blocks = field(text, 'block_types');
  if (!Array.isArray(blocks) || blocks.length === 0) return undefined;
  const types = Array.from({ length: layers }, (_, at) => {
    const type = blocks[at % blocks.length];
    return type === 'attention' ? 'sliding_attention' : type;
  });
  return cachesOf(types, window);
}

/**
 * Reads a pattern of letters. Nemotron-H: `M` a state space, `*` attention, `-` and `E` no attention at all.
 * EXAONE 4: `LLLG`, repeated.
 */
function patternString({ text, layers, window }: LayerFacts): Stated {
  const hybrid = stringField(text, 'hybrid_override_pattern');
  if (hybrid !== undefined) {
    const marks = [...hybrid.slice(0, MAX_LAYERS)].filter((mark) => mark !== '|');
    if (marks.length < layers || marks.some((mark) => !'M*-E'.includes(mark))) return 'unread';
    return marks.slice(0, layers).map((mark) => (mark === '*' ? 'full' : 'none'));
  }
  const repeated = stringField(text, 'sliding_window_pattern');
  if (repeated === undefined) return undefined;
  if (!/^[LG]{1,20}$/.test(repeated) || window === undefined) return 'unread';
  return Array.from({ length: layers }, (_, at) =>
    repeated[at % repeated.length] === 'L' ? { window } : 'full',
  );
}

/**
 * Reads numbers of layers. MiMo-V2: `hybrid_layer_pattern`, 1 for a window; MiniMax: `attn_type_list`, 0 for
 * linear attention.
 */
function hybridNumbers({ text, layers, window }: LayerFacts): Stated {
  const windows = field(text, 'hybrid_layer_pattern');
  if (Array.isArray(windows)) {
    if (windows.length < layers || window === undefined) return 'unread';
    return windows.slice(0, layers).map((mark) => (mark === 1 ? { window } : 'full'));
  }
  const types = field(text, 'attn_type_list');
  if (!Array.isArray(types)) return undefined;
  return types.length < layers
    ? 'unread'
    : types.slice(0, layers).map((mark) => (mark === 0 ? 'none' : 'full'));
}

/** Reads the list of layers with attention, of Bamba and LFM2. */
function indices({ text, layers }: LayerFacts): Stated {
  const list = field(text, 'attn_layer_indices') ?? field(text, 'full_attn_idxs');
  if (!Array.isArray(list)) return undefined;
  const full = new Set(list);
  return Array.from({ length: layers }, (_, at) => (full.has(at) ? 'full' : 'none'));
}

/** Reads the lists of Kimi Linear, which counts its layers from one. */
function kimiLinear({ text, layers }: LayerFacts): Stated {
  const nested = field(text, 'linear_attn_config');
  if (!isStated(nested)) return undefined;
  const list = field(nested, 'full_attn_layers');
  if (!Array.isArray(list)) return 'unread';
  const full = new Set(list);
  return Array.from({ length: layers }, (_, at) => (full.has(at + 1) ? 'full' : 'none'));
}

/** Reads the blocks of DeciLM, some of which have no attention. */
function deciBlocks({ text, layers }: LayerFacts): Stated {
  const blocks = field(text, 'block_configs');
  if (!Array.isArray(blocks)) return undefined;
  if (blocks.length < layers) return 'unread';
  return blocks.slice(0, layers).map((block): LayerCache => {
    const attention = field(block, 'attention');
    const window = wholeNumber(field(attention, 'window_length'));
    if (field(attention, 'no_op') === true || field(attention, 'replace_with_linear') === true) return 'none';
    return window === undefined ? 'full' : { window };
  });
}

/** Reads the layers of Llama 3.2 Vision that look at the image, whose size does not grow with the context. */
function crossAttention({ text, layers }: LayerFacts): Stated {
  const list = field(text, 'cross_attention_layers');
  if (!Array.isArray(list)) return undefined;
  const cross = new Set(list);
  return Array.from({ length: layers }, (_, at) => (cross.has(at) ? 'none' : 'full'));
}

/** Returns caches in which one layer of so many is a full one, by a stated period or by the class. */
function readPattern({ text, layers, window, defaults }: LayerFacts): LayerCaches | undefined {
  const period = wholeNumber(field(text, 'attn_layer_period'));
  if (period !== undefined && period > 0) {
    const offset = wholeNumber(field(text, 'attn_layer_offset')) ?? 0;
    return { layers: everyNth(layers, (at) => at % period === offset, 'none'), fromDefaults: false };
  }
  const interval = wholeNumber(field(text, 'full_attention_interval'));
  if (interval !== undefined && interval > 0)
    return { layers: everyNth(layers, (at) => (at + 1) % interval === 0, 'none'), fromDefaults: false };
  const stated =
    wholeNumber(field(text, 'sliding_window_pattern')) ??
    wholeNumber(field(text, 'global_attn_every_n_layers'));
  const every = stated ?? defaults?.fullEvery;
  if (every === undefined || every < 1) return undefined;
  const other = stated === undefined && defaults?.otherLayers === 'none' ? 'none' : windowOf(window);
  if (other === undefined) return undefined;
  return {
    layers: everyNth(layers, (at) => (at + 1) % every === 0, other),
    fromDefaults: stated === undefined,
  };
}

const windowOf = (window: number | undefined) => (window === undefined ? undefined : { window });

function everyNth(layers: number, isFull: (at: number) => boolean, other: LayerCache): LayerCache[] {
  return Array.from({ length: layers }, (_, at) => (isFull(at) ? 'full' : other));
}

/**
 * Returns equal caches for all layers; of Qwen2 with its window on, those from `max_window_layers` on have
 * one.
 */
function uniform({ text, layers, window }: LayerFacts): LayerCache[] {
  const first =
    field(text, 'use_sliding_window') === true ? wholeNumber(field(text, 'max_window_layers')) : undefined;
  return Array.from({ length: layers }, (_, at) =>
    window === undefined || (first !== undefined && at < first) ? 'full' : { window },
  );
}
