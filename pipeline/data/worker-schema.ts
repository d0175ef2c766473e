/** What the files about workers may contain: programs, what was run on them, what goes wrong; each claim with its source. */
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

const match = z.strictObject({
  by: z.enum(MATCH_KEYS),
  names,
  firstKnown: z.boolean().exactOptional(),
  fallback: z.strictObject({ name: text, names }).exactOptional(),
  /** Names of which the facts do not say whether they are loaded, most often because they are newer. */
  newer: names.exactOptional(),
});

/** Without `names` it takes what the way in matches. */
const conversion = z.strictObject({
  tool: text,
  from: z.enum(FORMATS),
  by: z.enum(MATCH_KEYS),
  names: names.exactOptional(),
});

/** One way in, whole. */
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

/** With `inherits`, the first way in of that program in the same format stands for all that is not stated; exceptions add up. */
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
    /** The format of the way in that is inherited, where it is another one. */
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
          message: 'missing: state it, or inherit it from a program',
        });
    for (const field of ['alsoNames', 'exceptNames', 'inheritsFormat'] as const)
      if (stated[field] !== undefined)
        context.addIssue({ code: 'custom', path: [field], message: 'means something only beside inherits' });
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
  .refine(isDate, 'a year, a month or a day that there is, such as 2025, 2025-10 or 2025-10-31');

const run = z.strictObject({
  model: text.exactOptional(),
  key: text,
  kind: z.enum(KINDS),
  quantization: text.exactOptional(),
  parameters: z.number().int().positive().exactOptional(),
  /** Where it differs from that of the source. */
  backends: z.array(z.enum(BACKENDS)).min(1).exactOptional(),
  result: text.exactOptional(),
  from: text.exactOptional(),
});

/** One place where models are named, with what that says of each. */
const evidenceSource = z.strictObject({
  strength: z.enum(STRENGTHS),
  format: z.enum(FORMATS),
  /** `any`: the source speaks of no backend. */
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
    'only {id} and {quantization} may stand in braces',
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
  /** What differs on some backends. */
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
  /** Where people get it. */
  homepage: z.url({ protocol: /^https$/ }).exactOptional(),
  start: z.array(startCommand).min(1).exactOptional(),
  /** One of the marketplace's own: its verdicts decide which models get a page. */
  gate: z.boolean().default(false),
  facts: z.strictObject({ from: text, date: z.iso.date(), pinned: z.literal(true).exactOptional() }),
  accepts: z.array(accept).min(1),
  /** Absent: the weights as they lie on disk, and nothing known of the rest. */
  memory: memory.optional(),
  maxContextLength: z.strictObject({
    tokens: z.union([z.number().int().positive(), z.literal('unknown')]),
    from: text,
  }),
  backends: z.array(backend).min(1),
});

/** data/evidence/PROGRAM.json: who ran what, and what the program's own sources name. `inherits`: what it is built on. */
export const evidenceFile = z.strictObject({
  program: id,
  inherits: id.exactOptional(),
  sources: z.array(evidenceSource),
});

/** data/first-seen.json: by what a program compares, the names that appeared after the older facts, by the day of the first facts that list them. */
export const firstSeenFile = z.strictObject({
  $comment: z.string(),
  sources: z.array(z.strictObject({ what: text, from: text, date: z.iso.date() })).min(1),
  names: z.partialRecord(z.enum(MATCH_KEYS), z.record(z.iso.date(), names)),
});
export type FirstSeen = z.infer<typeof firstSeenFile>['names'];

/** data/known-issues/PROGRAM.json: what is known to go wrong in one version. */
export const knownIssuesFile = z.strictObject({ program: id, issues: z.array(knownIssue) });

export type WorkerFile = z.infer<typeof workerFile>;
export type StatedAccept = WorkerFile['accepts'][number];
export type WholeAccept = z.infer<typeof wholeAccept>;
export type EvidenceFile = z.infer<typeof evidenceFile>;
export type KnownIssuesFile = z.infer<typeof knownIssuesFile>;
