import { estimateMemory, type Matrix } from '@rbee/marketplace-matrix';

/** Returns the id, then a line for each worker that runs the model: how sure that is, why, the file to take, and the memory it needs. */
export async function answers({ model, workers, bitsPerWeight }: Matrix, id: string): Promise<string[]> {
  const found = await model(id);
  if (found === undefined) return [];
  const { facts, verdicts } = found;
  const bits = await bitsPerWeight();
  const lines = (await workers()).flatMap((worker) => {
    const { compatible, confidence, reasons, recommendedVariant } = verdicts.get(worker.id) ?? {};
    const variant = facts.variants.find((one) => one.id === recommendedVariant);
    if (!compatible || variant === undefined) return [];
    const { totalBytes } = estimateMemory(facts, worker, { variant: variant.id, bitsPerWeight: bits });
    const memory = totalBytes === 'unknown' ? totalBytes : `${(totalBytes / 1e9).toFixed(1)} GB`;
    return `${worker.id}, confidence ${confidence}: ${reasons?.[0]} File: ${variant.files[0]}. Memory: ${memory}.`;
  });
  return [id, ...lines];
}
