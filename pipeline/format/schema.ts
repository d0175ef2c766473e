/** The schema of every file in out/: readers check by it, and it is published beside the files. */
import * as z from 'zod';
import { FORMATS } from '../data/vocabulary.ts';
import { CONFIDENCES, REASON_CODES } from '../evaluate/verdict.ts';
import { SCHEMA_VERSION } from './encoding.ts';
import type { Changes, Families, History, Manifest, Removed, Report, SearchIndex, Unlocks } from './files.ts';

import { id, modelLine } from './model-line.ts';
import { workerId, workersFile } from './workers-schema.ts';

const counts = z.record(z.string(), z.number().int().nonnegative());

export const manifestFile: z.ZodType<Manifest> = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  date: z.string().describe('When the build began, ISO 8601.'),
  source: z.string().describe('Where the records came from: snapshot, hub or files.'),
  shardBits: z
    .number()
    .int()
    .min(0)
    .max(16)
    .describe('Leading bits of sha256(repo id) that name a data shard, in hex.'),
  volatileBits: z.number().int().min(0).max(16).describe('The same for a file in volatile/.'),
  rowBits: z.number().int().min(0).max(16).describe('The same, of sha256(row key), for a file in rows/.'),
  models: z.number().int().describe('Models evaluated.'),
  allowed: z.number().int().describe('Models on the allowlist.'),
  workers: z.number().int(),
  files: z.array(z.object({ path: z.string(), bytes: z.number().int(), sha256: z.string().length(64) })),
});

export const allowlistFile = z.array(id).describe('The models that a gate worker runs, sorted.');

const verdictFile = z.object({
  status: z.enum(['compatible', 'incompatible', 'unknown']),
  compatible: z.boolean(),
  confidence: z.enum(CONFIDENCES),
  reasons: z.array(z.string()),
  reasonCodes: z.array(z.enum(REASON_CODES)),
  warnings: z.array(z.string()),
  recommendations: z.array(z.string()),
  unlockedBy: z.array(z.string()).describe('Capabilities, each of which alone would make it run.'),
  set: z
    .number()
    .int()
    .exactOptional()
    .describe('Which of the sets `r` in the line of a model holds the variants that run; absent: none.'),
});

const verdictsFile = z.object({
  workers: z.array(workerId).describe('The order of a list.'),
  maxContextLengths: z
    .array(z.number().int().nullable())
    .describe('Per worker the longest context that it takes, in tokens; null: unknown.'),
  verdicts: z.array(verdictFile).describe('A letter in braces in a text stands for that fact of the model.'),
  lists: z.array(z.array(z.number().int())).describe('Number of the verdict per worker.'),
});

const rowsFile = z
  .record(z.string(), z.tuple([z.number().int(), z.looseObject({ s: z.string() })]))
  .describe('Row key -> number of its list in verdicts.json, and the facts that its models share.');

export const workerModelsFile = z.object({
  worker: workerId,
  high: z.array(id),
  medium: z.array(id),
  low: z.array(id),
});

const unlocksFile: z.ZodType<Unlocks> = z.record(
  workerId,
  z.array(
    z.object({
      capability: z.string().describe('What the worker would have to learn, such as model_type:qwen3.'),
      models: z.number().int().describe('Models that this alone would add to the allowlist.'),
      downloads: z.number().int().describe('Their downloads in 30 days.'),
      examples: z.array(id).describe('The three with the most downloads.'),
    }),
  ),
);

const changesFile: z.ZodType<Changes> = z.object({
  first: z.boolean().describe('True when no earlier out/ was there to compare with.'),
  added: z.array(z.object({ id, workers: z.array(workerId) })),
  removed: z.array(z.object({ id, reasons: z.array(z.string()), reasonCodes: z.array(z.string()) })),
  changed: z.array(z.object({ id, worker: workerId, from: z.enum(CONFIDENCES), to: z.enum(CONFIDENCES) })),
});

export const removedFile: z.ZodType<Removed> = z
  .array(
    z.object({
      id,
      on: z.string().describe('The day on which it left the allowlist.'),
      reasonCodes: z.array(z.string()),
      reasons: z.array(z.string()),
    }),
  )
  .describe(
    'What left the allowlist in the last 90 days and is not back, of more than 100,000 the last to leave; sorted by id.',
  );

const nightCounts = z.object({
  compatible: z.number().int(),
  unknown: z.number().int().describe('Models of which a needed fact is missing.'),
});

export const historyFile: z.ZodType<History> = z
  .array(
    z.object({
      date: z.string().describe('The day of the build.'),
      models: z.number().int().describe('Models evaluated.'),
      allowed: z.number().int(),
      workers: z.record(workerId, nightCounts).describe('Of gate workers.'),
      programs: z
        .record(z.string(), nightCounts)
        .describe('Of all others, by program: what some backend runs.'),
    }),
  )
  .describe('The last 60 nights whose counts differ from those of the night before, the oldest first.');

export const familiesFile: z.ZodType<Families> = z.object({
  workers: z.array(workerId).describe('The order of runs and unknown.'),
  families: z
    .array(
      z.object({
        family: z.string(),
        models: z.number().int(),
        allowed: z.number().int().describe('Of them, models on the allowlist.'),
        downloads: z.number().int().describe('In 30 days, of all its models.'),
        runs: z.array(z.number().int()).describe('Per worker: models that it runs.'),
        unknown: z.array(z.number().int()).describe('Per worker: models of which a needed fact is missing.'),
      }),
    )
    .describe(
      'The 200 with the most downloads, and all of which a model is on the allowlist; the last, `others`, is the sum of the rest, where there is one.',
    ),
});

const searchFile: z.ZodType<SearchIndex> = z
  .object({
    workers: z.array(workerId),
    groups: z
      .array(z.tuple([z.string(), z.array(z.enum(FORMATS)), z.string(), z.array(z.number().int())]))
      .describe(
        'Models that no filter tells apart: family, formats that gate workers run, license, places of the workers that run them.',
      ),
    ids: z.array(id).describe('The allowlist, the most downloaded first.'),
    group: z.array(z.number().int()).describe('Of each id.'),
    device: z
      .array(z.number().int())
      .describe(
        'Of each id the smallest usual device, in GB, on which some gate worker holds some variant at 8,192 tokens, or its weights where the cache is unknown; 0: none of them, -1: unknown.',
      ),
    memoryGroups: z
      .array(z.number().int())
      .describe(
        'Of each worker its place in a row of needs: workers that take the same variants and memory share one.',
      ),
    need: z.array(z.number().int()).describe('Of each id the number of its row in needs.'),
    needs: z
      .array(z.array(z.number().int().nullable()))
      .describe(
        'Rows of the smallest usual device, in GB, that holds some variant at 8,192 tokens; below 0: it holds the weights, and the cache comes on top; 0: more than the usual ones have; null: no worker of the place runs it, or unknown.',
      ),
    downloads: z
      .array(z.tuple([z.number().int(), z.number().int()]))
      .describe('Downloads in 30 days to two digits, and how many ids in a row have so many.'),
  })
  .describe('For pages that look across models.');

const quantizationsFile = z
  .record(z.string(), z.number())
  .describe('Label of a GGUF file -> bits that a weight takes on average, for variants without sizes.');

export const reportFile: z.ZodType<Report> = z.object({
  records: z.object({
    read: z.number().int(),
    limit: z.number().int().optional().describe('Of a build of a part: records to read at the most.'),
    rejected: counts.describe('Reason -> records thrown away.'),
    rejectedExamples: z.array(z.string()).describe('Some of them: reason and repo id.'),
    ignoredFields: counts.describe('Field -> records that had it malformed and were read without it.'),
    doubles: z.number().int(),
    fields: counts.describe('Field -> records that have it.'),
  }),
  crawl: z
    .object({
      listing: z
        .enum(['complete', 'partial', 'limited'])
        .describe('partial: the Hub failed before the end; limited: as was asked for.'),
      staleSince: z
        .string()
        .optional()
        .describe('Of a partial listing: when the walk began whose records stand in for the rest.'),
      droppedFields: z.array(z.string()).describe('Fields that the Hub no longer gives.'),
      detailsLeft: z
        .number()
        .int()
        .describe('Models that a gate worker may run, whose details are left for other nights.'),
      detailsLeftOfOthers: z
        .number()
        .int()
        .optional()
        .describe('The same of models that only other engines run.'),
      outdatedConfigs: z
        .number()
        .int()
        .optional()
        .describe(
          'Models judged by the config.json of an earlier commit, since that of the listed one could not be read yet; absent where there is none.',
        ),
    })
    .optional()
    .describe('Of a crawl of the Hub.'),
  gate: z
    .enum(['own', 'chosen'])
    .optional()
    .describe('own: all of the gate workers there are; chosen: those that the command line named.'),
  models: z.number().int(),
  allowed: z.number().int(),
  kinds: counts,
  workers: z.record(
    z.string(),
    z.object({
      high: z.number(),
      medium: z.number(),
      low: z.number(),
      unknown: z.number(),
      incompatible: z.number(),
    }),
  ),
  refusals: z.array(
    z.object({ worker: workerId, code: z.string(), models: z.number().int(), downloads: z.number().int() }),
  ),
  unknownFacts: counts.describe('Fact -> models that lack it.'),
});

const volatile = z
  .record(z.string(), z.array(z.tuple([z.number(), z.number(), z.number()])))
  .describe('Data shard -> downloads, likes, trend of each of its lines; -1 where unknown.');

const running = z
  .array(z.string())
  .describe(
    'A line of running.jsonl: a row key, then the ids of its models. Rows that no worker runs have none.',
  );

const copies = z
  .record(id, z.array(id))
  .describe(
    'Base model -> its copies that some worker runs, those on the allowlist first, by downloads; parted by the hash of the base model.',
  );

/** File name in schema/ -> what it describes. */
export const SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  'manifest.json': manifestFile,
  'allowlist.json': allowlistFile,
  'verdicts.json': verdictsFile,
  'rows.json': rowsFile,
  'workers.json': workersFile,
  'worker-models.json': workerModelsFile,
  'changes.json': changesFile,
  'removed.json': removedFile,
  'history.json': historyFile,
  'families.json': familiesFile,
  'search.json': searchFile,
  'quantizations.json': quantizationsFile,
  'unlocks.json': unlocksFile,
  'report.json': reportFile,
  'model.json': modelLine,
  'volatile.json': volatile,
  'copies.json': copies,
  'running.json': running,
};
