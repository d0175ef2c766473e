/** Reads the shape of a model's attention from the numbers in the header of a GGUF file. */
import { MAX_LAYERS } from './layers.ts';
import type { Attention, LayerGroup } from './metadata.ts';
import type { HubRecord } from './record.ts';

type Header = NonNullable<HubRecord['ggufHeader']>;

/**
 * The periods of networks in which one layer of so many keeps every token, the others a window: llama.cpp,
 * src/llama-model.cpp, set_swa_pattern.
 */
const FULL_EVERY: ReadonlyMap<string, number> = new Map([
  ['gemma2', 2],
  ['gemma3', 6],
  ['cohere2', 4],
  ['gpt-oss', 2],
]);
/** Networks whose every layer has the window that the header states. */
const ALL_WINDOWS: ReadonlySet<string> = new Set(['phi3', 'starcoder2']);
/** Keys of networks whose layers differ in a way that is not read. */
const UNREAD =
  /^(?:ssm|wkv|shortconv|attention\.(?:shared_kv_layers|indexer|sliding_window_pattern)|full_attention_interval)/;

/** Returns the shape of the attention; `unknown` where there is no header, or a number is missing or not read. */
export function readHeaderAttention(header: Header | undefined): Attention | 'unknown' {
  if (header === undefined || Object.keys(header.values).some((key) => UNREAD.test(key))) return 'unknown';
  const layers = numberOf(header, 'block_count');
  if (layers === undefined || layers > MAX_LAYERS) return 'unknown';
  const groups: LayerGroup[] = [];
  for (let at = 0; at < layers; at += 1) {
    const group = layerGroup(header, at);
    if (group === undefined) return 'unknown';
    const same = groups.findIndex(
      ({ cache, elementsPerToken }) => cache === group.cache && elementsPerToken === group.elementsPerToken,
    );
    const found = groups[same];
    if (found === undefined) groups.push(group);
    else groups[same] = { ...found, layers: found.layers + 1 };
  }
  return { source: 'gguf', groups };
}

function layerGroup(header: Header, at: number): LayerGroup | undefined {
  const rank = numberOf(header, 'attention.kv_lora_rank');
  if (rank !== undefined) {
    const rope = numberOf(header, 'rope.dimension_count');
    return rope === undefined ? undefined : { layers: 1, cache: 'latent', elementsPerToken: rank + rope };
  }
  const elementsPerToken = elementsOf(header, at);
  if (elementsPerToken === undefined) return undefined;
  if (elementsPerToken === 0) return { layers: 1, cache: 'none', elementsPerToken };
  const window = numberOf(header, 'attention.sliding_window');
  if (window === undefined) return { layers: 1, cache: 'full', elementsPerToken };
  const every = FULL_EVERY.get(header.architecture);
  if (every === undefined && !ALL_WINDOWS.has(header.architecture)) return undefined;
  return every !== undefined && (at + 1) % every === 0
    ? { layers: 1, cache: 'full', elementsPerToken }
    : { layers: 1, cache: 'window', elementsPerToken, window };
}

/**
 * Returns the elements of a layer. Heads may be listed for each layer; a layer without key-value heads keeps
 * nothing.
 */
function elementsOf(header: Header, at: number): number | undefined {
  const heads = ofLayer(header, 'attention.head_count', at);
  const keyValueHeads = ofLayer(header, 'attention.head_count_kv', at) ?? (heads || undefined);
  if (keyValueHeads === 0) return 0;
  const hidden = numberOf(header, 'embedding_length');
  const derived = hidden === undefined || !heads ? undefined : hidden / heads;
  const keys = numberOf(header, 'attention.key_length') ?? derived;
  const values = numberOf(header, 'attention.value_length') ?? keys;
  if (keyValueHeads === undefined || keys === undefined || values === undefined) return undefined;
  const elements = keyValueHeads * (keys + values);
  return Number.isSafeInteger(elements) ? elements : undefined;
}

function ofLayer({ values }: Header, key: string, at: number): number | undefined {
  const value = values[key];
  const number = Array.isArray(value) ? value[at] : value;
  return number !== undefined && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/** Returns a whole number above 0. */
function numberOf({ values }: Header, key: string): number | undefined {
  const value = values[key];
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
