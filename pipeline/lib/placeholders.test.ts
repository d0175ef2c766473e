import { describe, expect, it } from 'vitest';
import { fillText, fillVerdict } from './placeholders.ts';

describe('marks', () => {
  it('give way to the names of a model, once', () => {
    expect(fillText('no loader for {m}, {c}', { m: '{c}', c: 'A' })).toBe('no loader for {c}, A');
  });

  it('stand where the model has no such name, as other braces do', () => {
    expect(fillText('{g} {x} {', {})).toBe('{g} {x} {');
  });

  it('are filled in all texts of a verdict, and in no other field', () => {
    const marked = {
      reasons: ['{m}'],
      warnings: ['{c}'],
      recommendations: ['{t}'],
      unlockedBy: ['model_type:{m}'],
      reasonCodes: ['{m}'],
    };
    expect(fillVerdict(marked, { m: 'a', c: 'b', t: 'd' })).toEqual({
      reasons: ['a'],
      warnings: ['b'],
      recommendations: ['d'],
      unlockedBy: ['model_type:a'],
      reasonCodes: ['{m}'],
    });
  });
});
