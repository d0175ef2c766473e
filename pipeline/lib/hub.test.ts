import { describe, expect, it } from 'vitest';
import { hubUrl, pagePath, readAskedId } from './hub.ts';

describe('readAskedId', () => {
  it.each([
    'Qwen/Qwen3-8B',
    '  Qwen/Qwen3-8B ',
    'https://huggingface.co/Qwen/Qwen3-8B',
    'http://www.huggingface.co/Qwen/Qwen3-8B/',
    'huggingface.co/Qwen/Qwen3-8B?library=transformers#usage',
    'hf.co/Qwen/Qwen3-8B',
    'https://huggingface.co/Qwen/Qwen3-8B/blob/main/config.json',
    'https://huggingface.co/Qwen/Qwen3-8B/tree/main',
    'Qwen/Qwen3-8B@main',
  ])('takes %j for the id', (text) => {
    expect(readAskedId(text)).toBe('Qwen/Qwen3-8B');
  });

  it('leaves a legacy name as it is', () => {
    expect(readAskedId('https://huggingface.co/gpt2')).toBe('gpt2');
  });
});

describe('addresses', () => {
  it('are those of the Hub and of a page', () => {
    expect([hubUrl('a/b'), pagePath('a/b')]).toEqual(['https://huggingface.co/a/b', '/models/a/b']);
  });

  it.each(['../etc', 'a/b/c', 'a/..', '', '<b>'])('are made of nothing but a repo id: %j', (text) => {
    for (const address of [hubUrl, pagePath]) expect(() => address(text)).toThrow('is not a repo id');
  });
});
