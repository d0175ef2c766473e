/** What the files about workers may contain: programs, what was run on them, what goes wrong; each claim with its source. */
import * as z from 'zod';
import { MARK } from '../lib/placeholders.ts';
import { FORMATS, KINDS } from './vocabulary.ts';
import { BACKENDS, MATCH_KEYS } from './worker.ts';

const text = z
  .string()
  .min(1)
  .max(500)
  .refine(
    (said) => !said.match(MARK),
    'no letter in braces, such as {m}: verdicts put the name of a model there',
  );
const names = z.array(text).max(2_000);
const id = z.string().regex(/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/, 'lower case letters, digits, dots and hyphens');

const numbers = z.array(z.number().nonnegative()).min(1).exactOptional();

const methodLimits = z.strictObject({
  bits: numbers,
  formats: names.min(1).exactOptional(),
  groupSizes: numbers,
  groupIndex: z.boolean().exactOptional(),
});

const accept = z.strictObject({
  format: z.enum(FORMATS),
  layouts: z.array(z.enum(['root', 'folder', 'diffusers'])).min(1),
  kinds: z.array(z.enum(KINDS)).min(1),
  tasks: names.min(1),
  match: z.strictObject({ by: z.enum(MATCH_KEYS), names, firstKnown: z.boolean().exactOptional() }),
  quantizations: names.min(1),
  exceptQuantizations: names.default([]),
  methods: z.record(z.string(), methodLimits).exactOptional(),
  mergedExperts: z.boolean().exactOptional(),
  splitWeights: z.boolean(),
  requiredFiles: names,
  oneOfFiles: names.min(1).exactOptional(),
  graphs: z.partialRecord(z.enum(KINDS), names.min(1)).exactOptional(),
  sources: z.array(z.strictObject({ what: text, from: text })).min(1),
});

const backend = z.strictObject({
  backend: z.enum(BACKENDS),
  platforms: z.array(z.enum(['linux', 'macos', 'windows', 'web', 'android', 'ios'])).min(1),
  cpuArchitectures: z.array(z.enum(['x86_64', 'aarch64', 'wasm'])).min(1),
  /** Quantizations that the program reads, but not on this backend. */
  lacksQuantizations: names.default([]),
  from: text,
});

const run = z.strictObject({
  grade: z.enum(['own', 'upstream']),
  family: text,
  format: z.enum(FORMATS),
  backend: z.enum(BACKENDS),
  model: text,
  date: z.string().regex(/^\d{4}(?:-\d{2}){0,2}$/, 'a year, a month or a day, such as 2025-10'),
  result: text,
  from: text,
});

const knownIssue = z.strictObject({
  id,
  status: z.enum(['reported', 'confirmed']),
  version: text,
  backends: z.array(z.enum(BACKENDS)).min(1).exactOptional(),
  formats: z.array(z.enum(FORMATS)).min(1).exactOptional(),
  architectures: names.min(1).exactOptional(),
  summary: text,
  from: text,
});

const windowRule = z.enum(['full', 'window']);
const latentRule = z.enum(['latent', 'expanded']);

const cache = z.strictObject({
  window: windowRule,
  latent: latentRule,
  batchTokens: z.number().int().nonnegative().default(0),
  from: text,
  exceptions: z
    .array(
      z.strictObject({
        architectures: names.min(1),
        window: windowRule.exactOptional(),
        latent: latentRule.exactOptional(),
        from: text,
      }),
    )
    .default([]),
});

export const workerFile = z.strictObject({
  program: id,
  name: text,
  version: text,
  /** One of the marketplace's own: its verdicts decide which models get a page. */
  gate: z.boolean().default(false),
  facts: z.strictObject({ from: text, date: z.iso.date() }),
  accepts: z.array(accept).min(1),
  /** Absent: the weights as they lie on disk, and nothing known of the rest. */
  memory: z
    .strictObject({
      bytesPerParameter: z.number().positive().exactOptional(),
      bytesPerCachedNumber: z.number().positive().exactOptional(),
      overheadBytes: z.number().int().nonnegative(),
      cache: cache.exactOptional(),
      from: text,
    })
    .optional(),
  maxContextLength: z.strictObject({
    tokens: z.union([z.number().int().positive(), z.literal('unknown')]),
    from: text,
  }),
  backends: z.array(backend).min(1),
});

/** data/evidence/PROGRAM.json: who ran what. Without the file, confidence falls back to a baseline by family. */
export const evidenceFile = z.strictObject({ program: id, runs: z.array(run) });

/** data/known-issues/PROGRAM.json: what is known to go wrong in one version. */
export const knownIssuesFile = z.strictObject({ program: id, issues: z.array(knownIssue) });

export type WorkerFile = z.infer<typeof workerFile>;
