/** The schema of a line of models/*.jsonl; docs/out-format.md explains its letters. */
import * as z from 'zod';
import { KEPT_VARIANT } from './encoding.ts';

export const id = z.string().describe('A repo id: owner/name, or a legacy bare name.');
const count = z.number().int().nonnegative();
const orUnknown = z.number().int().min(-1);
const layout = z.enum(['root', 'folder', 'diffusers']);
const letter = z.string().regex(/^[a-z-]$/);
const cache = z.enum(['f', 'w', 'l', 'n']);
const layerGroup = z.union([
  z.tuple([count, cache, z.number().nonnegative()]),
  z.tuple([count, cache, z.number().nonnegative(), z.number().nonnegative()]),
]);

const ownFacts = z.strictObject({
  p: count.exactOptional().describe('Parameters in total.'),
  a: count.exactOptional().describe('Parameters active per token.'),
  x: count.exactOptional().describe('Context length in tokens.'),
  w: count.exactOptional().describe('Sliding window in tokens.'),
  A: z.tuple([letter], layerGroup).exactOptional().describe('Attention: its source, then groups of layers.'),
  b: z.tuple([z.string()], id).exactOptional().describe('Base models: the relation, then their ids.'),
  r: z
    .array(z.tuple([orUnknown], count))
    .exactOptional()
    .describe('Sets: the recommended variant, then those that run.'),
  V: z.array(z.string()).exactOptional().describe('Ids of the variants of a model off the allowlist.'),
  i: z
    .array(z.string().regex(KEPT_VARIANT))
    .exactOptional()
    .describe('Of each of these, or once for all: layout, source, number of files, missing parts.'),
  z: z
    .array(orUnknown)
    .exactOptional()
    .describe('Of each of these the size in bytes, or -1; of models that some worker runs.'),
  h: z.string().exactOptional().describe('Commit sha.'),
  l: z.string().exactOptional().describe('License.'),
  d: z.tuple([z.string(), z.string()]).exactOptional().describe('Days of creation and of the last change.'),
  y: z.literal(1).exactOptional().describe('The config points at Python code.'),
  n: z.array(z.string()).exactOptional().describe('Notes.'),
  v: z
    .array(z.tuple([z.string(), layout, letter, orUnknown, orUnknown], z.string()))
    .exactOptional()
    .describe('Variants: id, layout, source, bytes, missing parts, files.'),
});

export const modelLine = z
  .tuple([id, z.string().length(8).describe('Row key'), ownFacts])
  .describe('A line of models/*.jsonl; docs/out-format.md names the letters.');
