import { describe, expect, it } from 'vitest';
import { WORKERS_GLOB } from '../lib/paths.ts';
import { chooseWorkers } from './choose-workers.ts';
import { loadWorkers } from './workers.ts';

const idsOf = (list: string) => chooseWorkers(list).map(({ id }) => id);

describe('chooseWorkers', () => {
  it('takes ids, programs and patterns of files together, each worker once', () => {
    expect(idsOf('vllm-cuda')).toEqual(['vllm-cuda']);
    expect(idsOf('vllm-cuda, VLLM')).toEqual(['vllm-cpu', 'vllm-cuda', 'vllm-rocm', 'vllm-xpu']);
    const own = loadWorkers('data/workers/rbee/*.json').map(({ id }) => id);
    expect(idsOf('data/workers/rbee/*.json,vllm-cuda')).toEqual([...own, 'vllm-cuda']);
    expect(idsOf('data/workers/rbee/{llm,sd}-worker-rbee.json')).toEqual(own);
    expect(idsOf(WORKERS_GLOB).length).toBeGreaterThan(50);
  });

  it.each([
    ['vlm', 'There is no worker, program or backend vlm; the nearest name is vllm.'],
    ['zzzz', 'There is no worker, program or backend zzzz; the programs are candle, diffusers, '],
    ['data/no/*.json', 'No worker file matches data/no/*.json.'],
    [' , ', '--workers needs ids of workers or patterns of their files.'],
  ])('refuses %j', (list, message) => {
    expect(() => chooseWorkers(list)).toThrow(message);
  });
});
