import { describe, expect, it } from 'vitest';
import { countEdits, nearestName } from './nearest.ts';

describe('nearestName', () => {
  it('finds the name that a misspelt one means, ignoring case', () => {
    expect(nearestName('lama', ['mistral', 'llama', 'gemma'])).toBe('llama');
    expect(nearestName('Qwen3ForCasualLM', ['Qwen2ForCausalLM', 'Qwen3ForCausalLM'])).toBe(
      'Qwen3ForCausalLM',
    );
  });

  it('finds none where none is near', () => {
    expect(nearestName('falcon', ['llama', 'phi'])).toBeUndefined();
    expect(nearestName('ab', ['xy'])).toBeUndefined();
  });

  it('counts letters that are wrong, missing or too many', () => {
    expect(countEdits('kitten', 'sitting')).toBe(3);
    expect(countEdits('', 'abc')).toBe(3);
  });
});
