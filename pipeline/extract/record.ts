/**
 * Parses one record of the Hub's listing: only the fields this project uses, tolerantly, from hostile JSON.
 */
import * as z from 'zod';
import { field, isObject, withoutNulls } from '../lib/json.ts';
import { isRepoId } from '../lib/repo-id.ts';
import { fieldsWith } from './hub-fields.ts';
import { MAX_LAYERS } from './layers.ts';
import { MAX_FILES, MAX_NAME, MAX_TYPES } from './record-limits.ts';

const count = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
/**
 * Returns a check of the length. `max` of zod measures whatever has a length, also where the type is wrong; a
 * refinement waits for the right type.
 */
const atMost = (most: number) => (value: string | readonly unknown[]) => value.length <= most;
const name = z.string().refine(atMost(MAX_NAME));

const recordSchema = z.object({
  _id: name.optional(),
  id: z.string(),
  sha: name.optional(),
  createdAt: name.optional(),
  lastModified: name.optional(),
  private: z.boolean().optional(),
  gated: z.union([z.literal(false), z.enum(['auto', 'manual'])]).optional(),
  disabled: z.boolean().optional(),
  downloads: count.optional(),
  likes: count.optional(),
  trendingScore: z.number().optional(),
  usedStorage: count.optional(),
  pipeline_tag: name.optional(),
  library_name: name.optional(),
  tags: z.array(z.string()).refine(atMost(MAX_FILES)).optional(),
  cardData: z.unknown().optional(),
  config: z.unknown().optional(),
  configJson: z.unknown().optional(),
  configProblem: name.optional(),
  gguf: z
    .object({
      total: count.optional(),
      architecture: name.optional(),
      context_length: count.optional(),
    })
    .optional(),
  safetensors: z.object({ parameters: z.record(name, count).optional(), total: count.optional() }).optional(),
  baseModels: z
    .object({
      relation: name.optional(),
      models: z.array(z.object({ id: z.string() })).refine(atMost(1_000)),
    })
    .optional(),
  siblings: z
    .array(z.object({ rfilename: name, size: count.optional() }))
    .refine(atMost(MAX_FILES))
    .optional(),
  ggufHeader: z
    .object({
      architecture: name,
      values: z.record(name, z.union([z.number(), z.array(z.number()).refine(atMost(MAX_LAYERS))])),
    })
    .optional(),
  fetched: z.object({ config: z.boolean(), sizes: z.boolean(), header: z.boolean().optional() }).optional(),
  gone: z.literal(true).optional(),
});

/**
 * A listing record. These fields are ours: `configJson`, `configProblem` and the siblings' `size`, which the
 * crawl read from the repository itself (config.json as parsed JSON or as raw text, or why it could not; and
 * `?blobs=true`); `ggufHeader`, the numbers in the header of one of its GGUF files, without the
 * architecture's name before their keys; `fetched`, which says what of them was asked for; `gone`, which says
 * that the repository no longer exists.
 */
export type HubRecord = z.infer<typeof recordSchema>;

export type ParsedRecord =
  | { readonly ok: true; readonly record: HubRecord; readonly ignored: readonly string[] }
  | { readonly ok: false; readonly reason: string; readonly id: string | undefined };

const GUARDING: ReadonlySet<string> = new Set(fieldsWith('guarding'));
const compiled = z.compile(recordSchema, { strict: true });

/**
 * Parses one listing record. A malformed field that only adds knowledge is dropped and named in `ignored`; one that
 * could hide a refusal rejects the record. A field that is null is absent. Never throws.
 */
export function parseRecord(input: unknown): ParsedRecord {
  if (countTypes(input) > MAX_TYPES) return reject('field safetensors', idOf(input as object));
  // Not copied: what else a record says is looked at by nobody, and dies with it.
  if (z.validate(compiled, input)) return accept(input, []);
  return parseDoubtful(withoutNulls(input));
}

function parseDoubtful(input: unknown): ParsedRecord {
  if (z.validate(compiled, input)) return accept(input, []);
  const broken = [...new Set(recordSchema.safeParse(input).error?.issues.map((issue) => issue.path[0]))];
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    return reject('not an object', undefined);
  const guard = broken.find((key) => key === undefined || GUARDING.has(String(key)));
  if (guard !== undefined || broken.includes(undefined)) return reject(`field ${String(guard)}`, idOf(input));
  const rest = Object.fromEntries(Object.entries(input).filter(([key]) => !broken.includes(key)));
  return z.validate(compiled, rest) ? accept(rest, broken.map(String)) : reject('fields', idOf(input));
}

function countTypes(input: unknown): number {
  const counts = field(field(input, 'safetensors'), 'parameters');
  return isObject(counts) ? Object.keys(counts).length : 0;
}

function accept(record: HubRecord, ignored: readonly string[]): ParsedRecord {
  return isRepoId(record.id) ? { ok: true, record, ignored } : reject('repo id', record.id);
}

function reject(reason: string, id: string | undefined): ParsedRecord {
  return { ok: false, reason, id };
}

function idOf(input: object): string | undefined {
  return 'id' in input && typeof input.id === 'string' ? input.id : undefined;
}
