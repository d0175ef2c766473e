/** What lists across models say of one on the allowlist: told where it is judged, for the totals. */

import type { CacheRule, Worker } from '../data/worker.ts';
import {
  bitsOf,
  bytesPerCachedNumber,
  cacheNumbers,
  cacheRuleFor,
  type MemoryEstimate,
  sizeWeights,
  smallestDevice,
  USUAL_CONTEXT,
} from '../evaluate/memory.ts';
import { type Attention, type Format, factValue, type ModelMetadata } from '../extract/metadata.ts';
import { decodeAttention, type EncodedSet, splitVariantId } from '../format/encoding.ts';
import type { BaseFacts } from './inherit.ts';

/** The smallest usual device that holds some variant at the usual context, in GB. */
type Device = MemoryEstimate['smallestDeviceGb'];

/** What a copy needs of memory, before the shape of its attention is known: that of its base model. */
interface Pending {
  /** Its own context in tokens; absent where it is unknown. */
  readonly tokens?: number;
  /** For each way of caching the fewest bytes that anything else takes. */
  readonly needs: readonly Need[];
}
type Need = readonly [bytes: number, perCachedNumber: number, rule: CacheRule];

export interface ListedFacts {
  readonly license: string;
  readonly formats: readonly Format[];
  readonly device: Device | Pending;
}

export interface Listed extends ListedFacts {
  readonly id: string;
  readonly row: string;
  readonly downloads: number;
}

/** A line of a part: id, row key, downloads, and the rest as JSON. */
export function parseListed(line: string): Listed {
  const [id = '', row = '', downloads, json = ''] = line.split('\t');
  return { id, row, downloads: Number(downloads), ...(JSON.parse(json) as ListedFacts) };
}

/** What a gate worker keeps in memory, and the places of the variants that it runs. */
export interface Runner {
  readonly memory: Worker['memory'];
  readonly running: readonly number[];
}

/** Workers of one program that fare alike are one. `sets`: of each gate worker, where it runs the model. */
export function runnersOf(
  gate: readonly Worker[],
  sets: readonly (EncodedSet | undefined)[],
  variants: number,
): Runner[] {
  const runners = new Map<string, Runner>();
  for (const [at, { memory }] of gate.entries()) {
    const [, ...some] = sets[at] ?? [];
    if (sets[at] === undefined) continue;
    const running = some.length === 0 ? [...Array(variants).keys()] : some;
    runners.set(JSON.stringify([memory, running]), { memory, running });
  }
  return [...runners.values()];
}

export function listModel(
  model: ModelMetadata,
  runners: readonly Runner[],
  bitsPerWeight: ReadonlyMap<string, number>,
): ListedFacts {
  const places = new Set(runners.flatMap(({ running }) => running));
  const formats = new Set(model.variants.filter((_, at) => places.has(at)).map(({ format }) => format));
  const needs = runners.flatMap((runner) => needOf(model, runner, bitsPerWeight));
  return { license: model.license, formats: [...formats].sort(), device: deviceOf(model, leanest(needs)) };
}

function needOf(
  model: ModelMetadata,
  { memory, running }: Runner,
  bitsPerWeight: ReadonlyMap<string, number>,
): Need[] {
  return running.flatMap((at) => {
    const variant = model.variants[at];
    if (variant === undefined) return [];
    const bits = bitsOf(splitVariantId(variant.id).label, bitsPerWeight);
    const weights = sizeWeights(model, variant, { memory }, bits);
    if (weights === undefined) return [];
    const rule = cacheRuleFor({ memory }, model, variant.format);
    return [[weights.weightBytes + memory.overheadBytes, bytesPerCachedNumber({ memory }), rule] as const];
  });
}

function leanest(needs: readonly Need[]): Need[] {
  const least = new Map<string, Need>();
  for (const need of needs) {
    const [bytes, ...way] = need;
    const key = JSON.stringify(way);
    if (bytes < (least.get(key)?.[0] ?? Number.POSITIVE_INFINITY)) least.set(key, need);
  }
  return [...least.values()];
}

function deviceOf(
  { attention, contextLength, baseModels }: ModelMetadata,
  needs: readonly Need[],
): ListedFacts['device'] {
  if (needs.length === 0) return 'unknown';
  const tokens = factValue(contextLength);
  if (attention !== 'unknown') return deviceFor(needs, attention, tokens);
  return baseModels.relation === 'quantized'
    ? { ...(tokens === undefined ? {} : { tokens }), needs }
    : 'unknown';
}

function deviceFor(needs: readonly Need[], attention: Attention, tokens: number | undefined): Device {
  const usual = Math.min(USUAL_CONTEXT, tokens ?? USUAL_CONTEXT);
  return smallestDevice(
    Math.min(...needs.map(([bytes, per, rule]) => bytes + cacheNumbers(attention, usual, rule) * per)),
  );
}

/** Puts in what the base model of a copy states; `unknown` where it states no attention. */
export function completeListed(listed: ListedFacts, base: BaseFacts | undefined): ListedFacts {
  const { device } = listed;
  if (typeof device !== 'object') return listed;
  if (base?.A === undefined) return { ...listed, device: 'unknown' };
  return { ...listed, device: deviceFor(device.needs, decodeAttention(base.A), device.tokens ?? base.x) };
}
