import { describe, expect, it } from 'vitest';
import { chosenWorkers } from './chosen-workers.ts';

const worker = (program: string, backend: 'cpu' | 'cuda' | 'vulkan', gate = false) => ({
  program,
  backend,
  gate,
});
const WORKERS = [
  worker('rbee', 'cpu', true),
  worker('rbee', 'cuda', true),
  worker('ollama', 'cuda'),
  worker('ollama', 'vulkan'),
];
const chosen = (choice: Parameters<typeof chosenWorkers>[1]) =>
  chosenWorkers(WORKERS, choice).map(({ program, backend }) => `${program}-${backend}`);

describe('the workers that a visitor means', () => {
  it('are the marketplace’s own where no program is named', () => {
    expect(chosen({})).toEqual(['rbee-cpu', 'rbee-cuda']);
    expect(chosen({ backend: 'cuda' })).toEqual(['rbee-cuda']);
  });

  it('are those of all programs on a backend that the marketplace lacks', () => {
    expect(chosen({ backend: 'vulkan' })).toEqual(['ollama-vulkan']);
  });

  it('are those of a program, of any, and on a backend', () => {
    expect(chosen({ program: 'ollama' })).toEqual(['ollama-cuda', 'ollama-vulkan']);
    expect(chosen({ program: 'any', backend: 'cuda' })).toEqual(['rbee-cuda', 'ollama-cuda']);
    expect(chosen({ program: 'ollama', backend: 'cpu' })).toEqual([]);
  });
});
