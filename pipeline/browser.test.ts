import { describe, expect, it } from 'vitest';
import { getWorker } from './api/bundled.ts';
import { checkCompatibility, isModelCompatible, listWorkerBinaries, loadData } from './browser.ts';

describe('the browser entry', () => {
  it('says what to do before the data is there, and has it afterwards', async () => {
    const model = { architecture: 'llama', format: 'gguf', quantization: 'Q4_K_M' };
    expect(() => isModelCompatible(model)).toThrow('await loadData() first');
    await Promise.all([loadData(), loadData()]);
    expect(isModelCompatible(model)).toBe(true);
    const [first] = listWorkerBinaries();
    expect(first).toEqual(getWorker(first?.id ?? ''));
    expect(
      checkCompatibility(model, listWorkerBinaries().at(-1) as NonNullable<typeof first>).status,
    ).toBeDefined();
  });
});
