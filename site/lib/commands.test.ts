import { describe, expect, it } from 'vitest';
import type { Variant } from '../../pipeline/extract/metadata.ts';
import { fetchCommands, startCommand } from './commands.ts';

const variant = (format: Variant['format'], label: string, files: readonly string[], rest = {}): Variant => ({
  id: `${format}:${label}`,
  format,
  layout: 'root',
  quantization: { value: label, source: 'file-name' },
  files,
  sizeBytes: 1,
  weightShards: files.length,
  missingShards: 0,
  ...rest,
});
const parts = (count: number, name = 'model') =>
  Array.from(
    { length: count },
    (_, at) => `${name}-${String(at + 1).padStart(5, '0')}-of-${String(count).padStart(5, '0')}.safetensors`,
  );

describe('the commands that fetch a variant', () => {
  it('name the one file of a GGUF', () => {
    const one = variant('gguf', 'Q4_K_M', ['m.Q4_K_M.gguf']);
    expect(fetchCommands('a/b', one, [one])).toEqual(['hf download a/b m.Q4_K_M.gguf']);
  });

  it('name weights, and take the JSON files that configure them', () => {
    const one = variant('safetensors', 'BF16', parts(2));
    expect(fetchCommands('a/b', one, [one])).toEqual([
      "hf download a/b --include '*.json'",
      'hf download a/b model-00001-of-00002.safetensors model-00002-of-00002.safetensors',
    ]);
  });

  it('have a pattern for many parts, unless it would take the files of another variant', () => {
    const one = variant('safetensors', 'BF16', parts(30));
    expect(fetchCommands('a/b', one, [one])[1]).toBe(
      "hf download a/b --include 'model-*-of-00030.safetensors'",
    );
    const other = variant('safetensors', 'F8', ['model-x-of-00030.safetensors']);
    expect(fetchCommands('a/b', one, [one, other])).toEqual(['hf download a/b']);
  });

  it('quote names that a shell would read', () => {
    const one = variant('gguf', 'Q4_0', ["a'$(touch x).gguf"]);
    expect(fetchCommands('a/b', one, [one])).toEqual([`hf download a/b 'a'\\''$(touch x).gguf'`]);
  });
});

describe('the command that starts a variant', () => {
  const ollama = {
    start: [{ format: 'gguf', command: 'ollama run hf.co/{id}:{quantization}', from: 'x' }],
  } as const;

  it('has repo id and label', () => {
    expect(startCommand('a/b', variant('gguf', 'Q4_K_M', ['m.gguf']), ollama)).toBe(
      'ollama run hf.co/a/b:Q4_K_M',
    );
  });

  it('is none for another format, a label of two variants, or an unknown one', () => {
    for (const other of [
      variant('safetensors', 'BF16', ['m.safetensors']),
      variant('gguf', 'Q4_K_M', ['m.gguf'], { id: 'gguf:Q4_K_M#2' }),
      variant('gguf', '?', ['m.gguf'], { quantization: 'unknown' }),
    ])
      expect(startCommand('a/b', other, ollama)).toBeUndefined();
    expect(startCommand('a/b', variant('gguf', 'Q4_K_M', ['m.gguf']), {})).toBeUndefined();
  });
});
