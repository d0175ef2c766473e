/**
 * Compares our figures with published ones; docs/memory.md shows the same rows, which it is checked against.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadWorkers } from '../data/workers.ts';
import { known, type Variant } from '../extract/metadata.ts';
import { WORKERS_GLOB } from '../lib/paths.ts';
import { KNOWN_MODELS, type KnownModel, PUBLISHED, type Published } from '../testing/published-memory.ts';
import { estimateMemory, type MemoryEstimate, type SizedModel } from './memory.ts';

const page = readFileSync(new URL('../../docs/memory.md', import.meta.url), 'utf8');
const workers = new Map(loadWorkers(WORKERS_GLOB).map((worker) => [worker.id, worker]));

function estimate(
  model: KnownModel,
  workerId: string,
  variant: Variant,
  contextLength: number,
): MemoryEstimate {
  const worker = workers.get(workerId);
  if (worker === undefined) throw new Error(`no worker ${workerId}`);
  const sized: SizedModel = {
    kind: known('model', 'config'),
    architectureClass: 'unknown',
    modelType: known(model.modelType, 'config'),
    ggufArchitecture: known(model.gguf, 'gguf'),
    parameters: { total: known(model.parameters, 'safetensors'), active: 'unknown' },
    contextLength: 'unknown',
    attention: { source: 'config', groups: model.groups },
    variants: [variant],
  };
  return estimateMemory(sized, worker, { contextLength, variant });
}

function variantOf(id: string, sizeBytes: number): Variant {
  const [format, label = ''] = id.split(':');
  return {
    id,
    format: format as Variant['format'],
    layout: 'root',
    quantization: known(label, 'file-name'),
    files: [],
    sizeBytes,
    weightShards: 1,
    missingShards: 0,
  };
}

const gb = (bytes: number) => (bytes / 1e9).toFixed(2);

function figureOf({ model, worker, variant, sizeBytes, contextLength, of }: Published): number {
  const memory = estimate(KNOWN_MODELS[model], worker, variantOf(variant, sizeBytes), contextLength);
  const { weightBytes, cacheBytes, overheadBytes, totalBytes } = memory;
  if (of === 'weights') return Number(weightBytes);
  if (of === 'cache') return Number(cacheBytes);
  return of === 'all' ? Number(totalBytes) : Number(weightBytes) + overheadBytes;
}

describe('published figures', () => {
  it.each(PUBLISHED)('$model $variant on $worker, $of: $source', (row) => {
    const ours = figureOf(row);
    const error = ours / row.bytes - 1;
    expect(Math.abs(error)).toBeLessThanOrEqual(row.within);
    const percent = `${error < 0 ? '-' : '+'}${Math.abs(error * 100).toFixed(1)} %`;
    const { name } = KNOWN_MODELS[row.model];
    const cells = [
      name,
      row.worker,
      row.variant,
      row.contextLength,
      row.of,
      gb(ours),
      gb(row.bytes),
      percent,
      row.source,
    ];
    expect(rowsOf(page)).toContain(cells.join(' | '));
  });

  it.each(Object.values(KNOWN_MODELS))('shows $name on four engines', (model: KnownModel) => {
    const gguf = variantOf(`gguf:${model.label ?? 'Q4_K_M'}`, model.ggufBytes);
    const bytes = model.safetensorsBytes ?? 2 * model.parameters;
    const whole = variantOf(
      model.safetensorsBytes === undefined ? 'safetensors:BF16' : 'safetensors:mxfp4',
      bytes,
    );
    const at = (worker: string, variant: Variant) =>
      gb(Number(estimate(model, worker, variant, 8192).totalBytes));
    const runs = (format: string) =>
      workers
        .get('llm-worker-rbee-cuda')
        ?.accepts.some(
          (way) =>
            way.format === format &&
            way.match.names.includes(format === 'gguf' ? model.gguf : model.modelType),
        );
    const rbee = runs('gguf') === true ? gguf : runs('safetensors') === true ? whole : undefined;
    const cells = [
      model.name,
      rbee === undefined ? 'does not run it' : at('llm-worker-rbee-cuda', rbee),
      at('llama.cpp-cuda', gguf),
      at('ollama-cuda', gguf),
      at('vllm-cuda', whole),
    ];
    expect(rowsOf(page)).toContain(cells.join(' | '));
  });
});

/** Returns the cells of all tables, a line a row, without the blanks that align them. */
function rowsOf(markdown: string): string[] {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim())
        .join(' | '),
    );
}
