/**
 * Checks a listing record by hand, where zod is too heavy to load. It gives the same answers as
 * `extract/record.ts`; a test compares them.
 */
import { fieldsWith } from '../extract/hub-fields.ts';
import { MAX_LAYERS } from '../extract/layers.ts';
import type { HubRecord, ParsedRecord } from '../extract/record.ts';
import { MAX_FILES, MAX_NAME, MAX_TYPES } from '../extract/record-limits.ts';
import { isObject, type JsonObject, withoutNulls } from '../lib/json.ts';
import { isRepoId } from '../lib/repo-id.ts';

type Check = (value: unknown) => boolean;

const isName: Check = (value) => typeof value === 'string' && value.length <= MAX_NAME;
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isFlag: Check = (value) => typeof value === 'boolean';
const isAnything: Check = () => true;
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const listOf =
  (check: Check, most: number): Check =>
  (value) =>
    Array.isArray(value) && value.length <= most && value.every(check);
const shape =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isObject(value) && Object.entries(checks).every(([key, check]) => check(value[key]));

const isCountTable: Check = (value) =>
  isObject(value) && Object.entries(value).every(([name, count]) => isName(name) && isCount(count));

const isHeaderValues: Check = (value) =>
  isObject(value) &&
  Object.entries(value).every(
    ([name, number]) =>
      isName(name) && (Number.isFinite(number) || listOf(Number.isFinite, MAX_LAYERS)(number)),
  );

const CHECKS: Readonly<Record<keyof HubRecord, Check>> = {
  _id: isName,
  id: (value) => typeof value === 'string',
  sha: isName,
  createdAt: isName,
  lastModified: isName,
  private: isFlag,
  gated: (value) => value === false || value === 'auto' || value === 'manual',
  disabled: isFlag,
  downloads: isCount,
  likes: isCount,
  trendingScore: Number.isFinite,
  usedStorage: isCount,
  pipeline_tag: isName,
  library_name: isName,
  tags: listOf((tag) => typeof tag === 'string', MAX_FILES),
  cardData: isAnything,
  config: isAnything,
  configJson: isAnything,
  configProblem: isName,
  gguf: shape({
    total: optional(isCount),
    architecture: optional(isName),
    context_length: optional(isCount),
  }),
  safetensors: shape({ parameters: optional(isCountTable), total: optional(isCount) }),
  baseModels: shape({
    relation: optional(isName),
    models: listOf(shape({ id: (id) => typeof id === 'string' }), 1_000),
  }),
  siblings: listOf(shape({ rfilename: isName, size: optional(isCount) }), MAX_FILES),
  ggufHeader: shape({ architecture: isName, values: isHeaderValues }),
  fetched: shape({ config: isFlag, sizes: isFlag, header: optional(isFlag) }),
  gone: (value) => value === true,
};

const GUARDING: ReadonlySet<string> = new Set(fieldsWith('guarding'));

/**
 * Checks a record. A malformed field that only adds knowledge is dropped; one that could hide a refusal rejects the
 * record. A field that is null is absent. Never throws.
 */
export function readRecord(value: unknown): ParsedRecord {
  const input = withoutNulls(value);
  if (!isObject(input)) return { ok: false, reason: 'not an object', id: undefined };
  const id = typeof input.id === 'string' ? input.id : undefined;
  if (countTypes(input) > MAX_TYPES) return { ok: false, reason: 'field safetensors', id };
  const names = Object.keys(CHECKS).filter((name) => isThere(input, name) || name === 'id');
  const broken = names.filter((name) => !CHECKS[name as keyof HubRecord](input[name]));
  const guard = broken.find((name) => GUARDING.has(name));
  if (guard !== undefined) return { ok: false, reason: `field ${guard}`, id };
  if (id === undefined || !isRepoId(id)) return { ok: false, reason: 'repo id', id };
  const kept = names.filter((name) => !broken.includes(name)).map((name) => [name, input[name]]);
  return { ok: true, record: Object.fromEntries(kept) as HubRecord, ignored: broken };
}

function isThere(input: JsonObject, name: string): boolean {
  return Object.hasOwn(input, name) && input[name] !== undefined;
}

function countTypes({ safetensors }: { readonly safetensors?: unknown }): number {
  const counts = isObject(safetensors) ? safetensors.parameters : undefined;
  return isObject(counts) ? Object.keys(counts).length : 0;
}
