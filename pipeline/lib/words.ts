/** Facts in words, for the terminal and for pages alike. */
import type { Source } from '../extract/metadata.ts';

export const SOURCE_WORDS = {
  config: 'config',
  gguf: 'GGUF header',
  safetensors: 'safetensors header',
  listing: 'listing',
  'file-name': 'file names',
  'base-model': 'base model',
} as const satisfies Record<Source, string>;

export function inBillions(n: number): string {
  return n >= 1e9 ? `${(n / 1e9).toFixed(2)} billion` : `${(n / 1e6).toFixed(1)} million`;
}
