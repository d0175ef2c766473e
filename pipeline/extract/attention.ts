/** The shape of a model's attention, as far as its memory for a context depends on it. */
import { field, type JsonObject } from '../lib/json.ts';
import { type Configs, isGemma3, textConfig, wholeNumber } from './config.ts';
import type { Attention } from './metadata.ts';

/** Gemma 3 without `layer_types`: one layer in six looks at everything (transformers, Gemma3TextConfig). */
const GEMMA3_PATTERN = 6;
const MAX_LAYERS = 1_000;

/** `unknown` unless config.json gives every number that the formulas need. Models without attention have none. */
export function readAttention({ file }: Configs): Attention | 'unknown' {
  if (file === undefined) return 'unknown';
  const text = textConfig(file);
  const layers = positive(field(text, 'num_hidden_layers'));
  if (layers === undefined || layers > MAX_LAYERS || isHybrid(text)) return 'unknown';
  const perToken = valuesPerToken(text);
  return perToken === undefined ? 'unknown' : { layers, perToken, ...readWindow(text, layers) };
}

/** State-space layers keep no cache per token: their share is not known from these fields (Nemotron-H, Jamba, Mamba). */
function isHybrid(text: JsonObject): boolean {
  const marks = [
    'hybrid_override_pattern',
    'attn_layer_period',
    'ssm_state_size',
    'state_size',
    'mamba_d_state',
    'linear_num_key_heads',
  ];
  return marks.some((key) => field(text, key) !== undefined);
}

/** Numbers cached for a token in a layer: keys and values of each key-value head, or one latent (DeepSeek-V3: 576). */
function valuesPerToken(text: JsonObject): number | undefined {
  const latent = positive(field(text, 'kv_lora_rank'));
  if (latent !== undefined) return latent + (positive(field(text, 'qk_rope_head_dim')) ?? 0);
  const heads = positive(field(text, 'num_attention_heads'));
  const kvHeads = positive(field(text, 'num_key_value_heads')) ?? heads;
  const hidden = positive(field(text, 'hidden_size'));
  const headDim =
    positive(field(text, 'head_dim')) ??
    (hidden !== undefined && heads !== undefined ? hidden / heads : undefined);
  return kvHeads === undefined || headDim === undefined ? undefined : 2 * kvHeads * headDim;
}

/** How many layers look back over a window only, and how far. */
function readWindow(text: JsonObject, layers: number): Pick<Attention, 'windowLayers' | 'window'> {
  const window = positive(field(text, 'sliding_window'));
  if (window === undefined || field(text, 'use_sliding_window') === false)
    return { windowLayers: 0, window: 0 };
  const types = field(text, 'layer_types');
  if (Array.isArray(types)) {
    const sliding = types.slice(0, layers).filter((type) => type === 'sliding_attention').length;
    return { windowLayers: sliding, window };
  }
  const pattern =
    positive(field(text, 'sliding_window_pattern')) ?? (isGemma3(text) ? GEMMA3_PATTERN : undefined);
  return { windowLayers: pattern === undefined ? layers : layers - Math.floor(layers / pattern), window };
}

function positive(value: unknown): number | undefined {
  const number = wholeNumber(value);
  return number !== undefined && number > 0 ? number : undefined;
}
