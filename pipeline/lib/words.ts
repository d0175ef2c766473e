/** Facts in words, for the terminal, for pages and for pictures alike. */
import type { Source } from '../extract/metadata.ts';

export const SOURCE_WORDS = {
  config: 'config',
  'config-default': 'default of the config class',
  gguf: 'GGUF header',
  safetensors: 'safetensors header',
  listing: 'listing',
  'file-name': 'file names',
  'base-model': 'base model',
} as const satisfies Record<Source, string>;

export function inBillions(n: number): string {
  return n >= 1e9 ? `${(n / 1e9).toFixed(2)} billion` : `${(n / 1e6).toFixed(1)} million`;
}

export function count(n: number): string {
  return String(Math.round(n)).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** `+3`, `−2`, or nothing where nothing moved. */
export function difference(now: number, before: number | undefined): string {
  if (before === undefined || now === before) return '';
  return now > before ? `+${count(now - before)}` : `−${count(before - now)}`;
}
