/**
 * Quantized copies without a context length of their own take their base model's, once the whole listing was read.
 * The copies wait on disk; of all others only id and context length are kept.
 */
import { appendFileSync, existsSync, rmSync } from 'node:fs';
import { factValue, known, type ModelMetadata } from './extract/metadata.ts';
import { readLines } from './lib/read-lines.ts';

const FLUSH_CHARS = 1024 * 1024;

export class BaseContexts {
  readonly #path: string;
  readonly #contexts = new Map<string, number>();
  #waiting = '';

  constructor(path: string) {
    this.#path = path;
    rmSync(path, { force: true });
  }

  /** True when the model has to wait for its base: it is a quantized copy of one model, and states no context. */
  mustWait(model: ModelMetadata): boolean {
    const { relation, ids } = model.baseModels;
    const tokens = factValue(model.contextLength);
    if (tokens === undefined) return relation === 'quantized' && ids.length === 1;
    // Of two records of one id the smaller counts, so that their order does not.
    this.#contexts.set(model.id, Math.min(tokens, this.#contexts.get(model.id) ?? tokens));
    return false;
  }

  wait(model: ModelMetadata): void {
    this.#waiting += `${JSON.stringify(model)}\n`;
    if (this.#waiting.length > FLUSH_CHARS) this.#flush();
  }

  /** The copies that waited, now with what their bases know. */
  *release(): Generator<ModelMetadata> {
    this.#flush();
    if (!existsSync(this.#path)) return;
    for (const line of readLines(this.#path)) yield this.#complete(JSON.parse(line) as ModelMetadata);
    rmSync(this.#path);
  }

  #complete(model: ModelMetadata): ModelMetadata {
    const tokens = this.#contexts.get(model.baseModels.ids[0] ?? '');
    return tokens === undefined ? model : { ...model, contextLength: known(tokens, 'base-model') };
  }

  #flush(): void {
    if (this.#waiting !== '') appendFileSync(this.#path, this.#waiting);
    this.#waiting = '';
  }
}
