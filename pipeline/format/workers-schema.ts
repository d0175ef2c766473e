/** The schema of workers.json. */
import * as z from 'zod';
import { FORMATS } from '../data/vocabulary.ts';
import { BACKENDS } from '../data/worker.ts';
import type { PublishedWorker } from './files.ts';

export const workerId = z.string().describe('A worker: program-backend.');

/** The field `memory` of a worker; docs/out-format.md has the formula. */
const memoryRule = z.object({
  bytesPerParameter: z.number().exactOptional(),
  mostBytesPerParameter: z.number().exactOptional(),
  bytesPerCachedNumber: z.number().exactOptional(),
  overheadBytes: z.number(),
  usableShare: z.number().exactOptional(),
  weightsMayStayOnCpu: z.boolean().exactOptional(),
  perLayer: z
    .array(z.object({ architectures: z.array(z.string()), bytes: z.number() }))
    .exactOptional()
    .describe('Bytes for each layer, of models with one of these model types or GGUF architectures.'),
  pipelines: z
    .array(z.object({ classes: z.array(z.string()), bytes: z.number() }))
    .exactOptional()
    .describe('Working memory of a diffusion pipeline of one of these classes.'),
  cache: z
    .object({
      window: z.enum(['full', 'window']),
      latent: z.enum(['latent', 'expanded']),
      batchTokens: z.number().int(),
      exceptions: z.array(z.looseObject({ architectures: z.array(z.string()) })),
    })
    .exactOptional()
    .describe('What it keeps of layers with a window and of latent ones; absent: not known.'),
});

export const workersFile: z.ZodType<readonly PublishedWorker[]> = z.array(
  z.looseObject({
    id: workerId,
    program: z.string(),
    name: z.string(),
    version: z.string(),
    homepage: z.string().exactOptional().describe('Where people get the program.'),
    start: z
      .array(z.object({ format: z.enum(FORMATS), command: z.string(), from: z.string() }))
      .exactOptional()
      .describe(
        'Commands that fetch a variant and start it: {id} and {quantization} stand for those of the variant.',
      ),
    backend: z.enum(BACKENDS),
    gate: z.boolean().describe('Whether its verdicts decide the allowlist.'),
    facts: z
      .looseObject({
        date: z.string().describe('The day of the facts about it.'),
        from: z.string().describe('The place where they were read.').exactOptional(),
      })
      .exactOptional(),
    accepts: z.array(z.looseObject({ format: z.enum(FORMATS) })),
    memory: memoryRule,
  }),
);
