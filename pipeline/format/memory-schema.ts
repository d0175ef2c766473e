/** The schema of a worker's memory rule in workers.json; docs/out-format.md has the formula. */
import * as z from 'zod';

/** The field `memory` of a worker. */
export const memoryRule = z.object({
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
