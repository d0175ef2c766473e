/** The public API for Node. */
export { checkCompatibility } from './evaluate/index.ts';
export type { Verdict } from './evaluate/verdict.ts';
export { extractMetadata } from './extract/index.ts';
export type { ModelMetadata } from './extract/metadata.ts';
export { type Matrix, openMatrix } from './read/index.ts';
export type { Worker } from './workers/worker.ts';
