/** Tells GGUF files that are LoRAs, which are no models, from models. */
import type { Variant } from './metadata.ts';

/** The types in which GGUF conversions of a LoRA exist (llama.cpp convert_lora_to_gguf.py). */
export const UNQUANTIZED_LABELS = new Set(['F32', 'F16', 'BF16', 'Q8_0']);
/**
 * The most bytes of a LoRA. The largest weigh some hundred MB; mlx-community/...-LoRA-Text2SQL.Q8_0 is merged
 * and weighs 7.7 GB.
 */
const LORA_MAX_BYTES = 1.5e9;
export const LORA_NAME = /(?:^|[./_-])(?:q?lora|ggml-adapter)(?:[./_-]|$)/i;

/**
 * Removes GGUF LoRAs, which are no models. The name alone does not show one (`guanaco-qlora.Q5_K_S` is
 * merged); K-quants prove a model.
 */
export function withoutLoras(variants: Variant[]): Variant[] {
  const ggufs = variants.filter((variant) => variant.format === 'gguf');
  const couldBeLora = ggufs.every(
    ({ quantization }) => quantization === 'unknown' || UNQUANTIZED_LABELS.has(quantization.value),
  );
  if (ggufs.length === 0 || !couldBeLora) return variants;
  return variants.filter(
    ({ format, files, sizeBytes }) =>
      format !== 'gguf' ||
      !LORA_NAME.test(files[0] ?? '') ||
      (sizeBytes !== 'unknown' && sizeBytes > LORA_MAX_BYTES),
  );
}
