/**
 * The schemas of the files about workers: programs, what was run on them, what goes wrong; each claim has its
 * source.
 */
import * as z from 'zod';
import { MARK } from '../lib/placeholders.ts';
import { isDate } from './dates.ts';
import { FORMATS, KINDS } from './vocabulary.ts';
import { BACKENDS, MATCH_KEYS, STRENGTHS } from './worker.ts';

const text = z
  .string()
  .min(1)
  .max(500)
  .refine(
    (said) => !said.match(MARK),
    'must not hold a letter in braces, such as {m}, which verdicts replace by a name of the model',
  );
const names = z.array(text).max(2_000);
const id = z
  .string()
  .regex(/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/, 'must have only lower case letters, digits, dots and hyphens');

const numbers = z.array(z.number().nonnegative()).min(1).exactOptional();

const methodLimits = z.strictObject({
  bits: numbers,
  formats: names.min(1).exactOptional(),
  groupSizes: numbers,
  groupIndex: z.boolean().exactOptional(),
});

const match = z.strictObject({
  by: z.enum(MATCH_KEYS),
  names,
  firstKnown: z.boolean().exactOptional(),
  fallback: z.strictObject({ name: text, names }).exactOptional(),
  /** Names of which the facts do not say whether they are loaded, most often because they are newer. */
  newer: names.exactOptional(),
});

/** A tool that converts. Without `names` it takes every name that the way in matches. */
const conversion = z.strictObject({
  tool: text,
  from: z.enum(FORMATS),
  by: z.enum(MATCH_KEYS),
  names: names.exactOptional(),
});

/** One way in, with every field stated. */
const wholeAccept = z.strictObject({
  format: z.enum(FORMATS),
  layouts: z.array(z.enum(['root', 'folder', 'diffusers'])).min(1),
  kinds: z.array(z.enum(KINDS)).min(1),
  tasks: names.min(1),
  match,
  quantizations: names.min(1),
  exceptQuantizations: names.default([]),
  methods: z.record(z.string(), methodLimits).exactOptional(),
  mergedExperts: z.boolean().exactOptional(),
  splitWeights: z.boolean(),
  requiredFiles: names,
  oneOfFiles: names.min(1).exactOptional(),
  graphs: z.partialRecord(z.enum(KINDS), names.min(1)).exactOptional(),
  reads: text.exactOptional(),
  advice: text.exactOptional(),
  conversions: z.array(conversion).exactOptional(),
  /** The only backends that have this way in. */
  onlyOn: z.array(z.enum(BACKENDS)).min(1).exactOptional(),
  sources: z.array(z.strictObject({ what: text, from: text })).min(1),
});

/**
 * A way in as files state it. With `inherits`, fields that are left out come from the first way in of that
 * program in the same format; exceptions add up.
 */
const accept = wholeAccept
  .partial({
    layouts: true,
    kinds: true,
    tasks: true,
    match: true,
    quantizations: true,
    splitWeights: true,
    requiredFiles: true,
  })
  .extend({
    inherits: id.exactOptional(),
    /** The format of the inherited way in, where it is another one. */
    inheritsFormat: z.enum(FORMATS).exactOptional(),
    /** Names beside those of the other program. */
    alsoNames: names.exactOptional(),
    /** Names of the other program that this one does not load. */
    exceptNames: names.exactOptional(),
    exceptQuantizations: names.exactOptional(),
  })
  .superRefine((stated, context) => {
    if (stated.inherits !== undefined) return;
    for (const field of [
      'layouts',
      'kinds',
      'tasks',
      'match',
      'quantizations',
      'splitWeights',
      'requiredFiles',
    ] as const)
      if (stated[field] === undefined)
        context.addIssue({
          code: 'custom',
          path: [field],
          message: 'is missing: state it, or inherit it from a program',
        });
    for (const field of ['alsoNames', 'exceptNames', 'inheritsFormat'] as const)
      if (stated[field] !== undefined)
        context.addIssue({
          code: 'custom',
          path: [field],
          message: 'has a meaning only beside inherits: add inherits, or remove this',
        });
  });

const backend = z.strictObject({
  backend: z.enum(BACKENDS),
  platforms: z.array(z.enum(['linux', 'macos', 'windows', 'web', 'android', 'ios'])).min(1),
  cpuArchitectures: z.array(z.enum(['x86_64', 'aarch64', 'wasm'])).min(1),
  /** Quantizations that the program reads, but not on this backend. */
  lacksQuantizations: names.default([]),
  from: text,
});

const date = z
  .string()
  .refine(isDate, 'must be a year, a month or a day that exists, such as 2025, 2025-10 or 2025-10-31');

const run = z.strictObject({
  model: text.exactOptional(),
  key: text,
  kind: z.enum(KINDS),
  quantization: text.exactOptional(),
  parameters: z.number().int().positive().exactOptional(),
  /** The backends, where they differ from those of the source. */
  backends: z.array(z.enum(BACKENDS)).min(1).exactOptional(),
  result: text.exactOptional(),
  from: text.exactOptional(),
});

/** A source that names models, with what it says of each. */
const evidenceSource = z.strictObject({
  strength: z.enum(STRENGTHS),
  format: z.enum(FORMATS),
  /** The backends that the source speaks of; `any` where it names none. */
  backends: z.union([z.literal('any'), z.array(z.enum(BACKENDS)).min(1)]),
  date,
  from: text,
  runs: z.array(run),
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

/** A command that fetches a variant and starts it. Names in braces are filled in for each model. */
const startCommand = z.strictObject({
  format: z.enum(FORMATS),
  command: text.refine(
    (command) => command.replaceAll(/\{(?:id|quantization)\}/g, '').match(/[{}]/) === null,
    'may hold only {id} and {quantization} in braces',
  ),
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

const bytes = z.number().int().nonnegative();

const memory = z.strictObject({
  bytesPerParameter: z.number().positive().exactOptional(),
  mostBytesPerParameter: z.number().positive().exactOptional(),
  bytesPerCachedNumber: z.number().positive().exactOptional(),
  overheadBytes: bytes,
  usableShare: z.number().positive().max(1).exactOptional(),
  weightsMayStayOnCpu: z.boolean(),
  cache: cache.exactOptional(),
  perLayer: z.array(z.strictObject({ architectures: names.min(1), bytes, from: text })).exactOptional(),
  pipelines: z.array(z.strictObject({ classes: names.min(1), bytes, from: text })).exactOptional(),
  /** The differences on some backends. */
  exceptOn: z
    .array(
      z.strictObject({
        backends: z.array(z.enum(BACKENDS)).min(1),
        bytesPerParameter: z.number().positive().exactOptional(),
        overheadBytes: bytes.exactOptional(),
        usableShare: z.number().positive().max(1).exactOptional(),
        weightsMayStayOnCpu: z.boolean().exactOptional(),
        from: text,
      }),
    )
    .default([]),
  from: text,
});

export const workerFile = z.strictObject({
  program: id,
  name: text,
  version: text,
  /** The page from which people get it. */
  homepage: z.url({ protocol: /^https$/ }).exactOptional(),
  start: z.array(startCommand).min(1).exactOptional(),
  /** True for one of the marketplace's own workers: its verdicts decide which models get a page. */
  gate: z.boolean().default(false),
  facts: z.strictObject({ from: text, date: z.iso.date(), pinned: z.literal(true).exactOptional() }),
  accepts: z.array(accept).min(1),
  /** The memory rule. Absent: the weights count as they lie on disk, and the rest is unknown. */
  memory: memory.optional(),
  maxContextLength: z.strictObject({
    tokens: z.union([z.number().int().positive(), z.literal('unknown')]),
    from: text,
  }),
  backends: z.array(backend).min(1),
});

/**
 * The schema of data/evidence/PROGRAM.json: who ran what, and what the program's own sources name. `inherits`
 * names the program that it is built on.
 */
export const evidenceFile = z.strictObject({
  program: id,
  inherits: id.exactOptional(),
  sources: z.array(evidenceSource),
});

/**
 * The schema of data/first-seen.json: for each key that programs compare, the names that appeared after the
 * older facts, by the day of the first facts that list them.
 */
export const firstSeenFile = z.strictObject({
  $comment: z.string(),
  sources: z.array(z.strictObject({ what: text, from: text, date: z.iso.date() })).min(1),
  names: z.partialRecord(z.enum(MATCH_KEYS), z.record(z.iso.date(), names)),
});
export type FirstSeen = z.infer<typeof firstSeenFile>['names'];

/** The schema of data/known-issues/PROGRAM.json: what is known to go wrong in one version. */
export const knownIssuesFile = z.strictObject({ program: id, issues: z.array(knownIssue) });

export type WorkerFile = z.infer<typeof workerFile>;
export type StatedAccept = WorkerFile['accepts'][number];
export type WholeAccept = z.infer<typeof wholeAccept>;
export type EvidenceFile = z.infer<typeof evidenceFile>;
export type KnownIssuesFile = z.infer<typeof knownIssuesFile>;
