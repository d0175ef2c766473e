/** The listing that the stand-in Hub serves in a drill. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { syntheticLines } from '../bench/synthetic.ts';

const RECORDS = 12_000;

/** Writes records with files and config.json. One is gone when it is asked for, and one is gated. */
export function writeListing(work: string, name: string, night: 0 | 1, count = RECORDS): string {
  const path = join(work, `${name}.jsonl`);
  const lines = [...syntheticLines({ count, seed: 5, night })].map((line, at) => {
    const record = JSON.parse(line) as {
      siblings: { rfilename: string }[];
      config?: { model_type?: string };
    };
    const _files = Object.fromEntries(
      record.siblings.map(({ rfilename }, n) => [rfilename, sizeOf(rfilename) + n]),
    );
    const model_type = record.config?.model_type;
    const _content =
      model_type === undefined ? {} : { 'config.json': { model_type, max_position_embeddings: at + 1 } };
    return JSON.stringify({ ...record, _files, _content });
  });
  writeFileSync(path, [...lines, special(1, { _gone: true }), special(2, { gated: 'manual' })].join('\n'));
  return path;
}

/** Returns the bytes of a file. With a thousand bytes, weights would count as a Git LFS pointer. */
function sizeOf(name: string): number {
  return /\.(?:gguf|safetensors|bin)$/.test(name) ? 1e9 : 1_000;
}

/** Returns the record of a model that a worker would run. */
function special(n: number, more: object): string {
  return JSON.stringify({
    _id: `6b000000000000000000000${n}`,
    id: `special/m${n}`,
    sha: String(n).repeat(40),
    pipeline_tag: 'text-generation',
    library_name: 'transformers',
    config: { model_type: 'llama', architectures: ['LlamaForCausalLM'] },
    safetensors: { parameters: { F16: 1e9 }, total: 1e9 },
    siblings: ['config.json', 'model.safetensors', 'tokenizer.json'].map((rfilename) => ({ rfilename })),
    createdAt: '2026-10-05T00:00:00.000Z',
    ...more,
  });
}
