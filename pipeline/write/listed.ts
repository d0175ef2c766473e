/** What lists across models say of one on the allowlist: a line from its part, told to the totals. */
import {
  bitsOf,
  bytesPerCachedNumber,
  cacheNumbers,
  type MemoryEstimate,
  sizeWeights,
  smallestDevice,
  USUAL_CONTEXT,
} from '../evaluate/memory.ts';
import type { Attention, Format } from '../extract/metadata.ts';
import { decodeAttention, type OwnFacts, splitVariantId } from '../lib/encoding.ts';
import type { Worker } from '../workers/worker.ts';

/** The smallest usual device that holds some variant at the usual context, in GB. */
export type Device = MemoryEstimate['smallestDeviceGb'];

/** What a model needs, before the shape of its attention is known: that of the base model, of which it is a copy. */
interface Pending {
  readonly base: string;
  /** Context in tokens. */
  readonly tokens: number;
  /** For each size of a cached number the fewest bytes that anything else takes. */
  readonly needs: readonly Need[];
}
type Need = readonly [bytes: number, perCachedNumber: number];

export interface Listed {
  readonly id: string;
  readonly row: string;
  readonly downloads: number;
  readonly license: string;
  readonly formats: readonly Format[];
  readonly device: Device | Pending;
}

/** A gate worker that runs the models of a row, and which of their sets of variants. */
export interface Runner {
  readonly memory: Worker['memory'];
  readonly set: number;
}

export function listModel(
  { id, row, downloads, facts }: { id: string; row: string; downloads: number; facts: string },
  runners: readonly Runner[],
  bitsPerWeight: ReadonlyMap<string, number>,
): Listed {
  const own = JSON.parse(facts) as OwnFacts;
  const running = runners.map((runner) => ({ runner, variants: variantsOf(own, runner.set) }));
  const formats = new Set(running.flatMap(({ variants }) => variants.map(({ format }) => format)));
  const needs = running.flatMap(({ runner, variants }) => needOf(own, runner, variants, bitsPerWeight));
  return {
    id,
    row,
    downloads,
    license: own.l ?? 'unknown',
    formats: [...formats].sort(),
    device: deviceOf(own, leanest(needs)),
  };
}

interface Sized {
  readonly format: Format;
  readonly label: string;
  readonly sizeBytes: number | 'unknown';
}

function variantsOf({ v = [], r = [] }: OwnFacts, set: number): Sized[] {
  const [, ...running] = r[set] ?? [-1];
  const chosen = running.length === 0 ? v : v.filter((_, at) => running.includes(at));
  return chosen.map(([id, , , bytes]) => {
    return { ...splitVariantId(id), sizeBytes: bytes < 0 ? 'unknown' : bytes };
  });
}

function needOf(
  { p }: OwnFacts,
  { memory }: Runner,
  variants: readonly Sized[],
  bitsPerWeight: ReadonlyMap<string, number>,
): Need[] {
  // Where it was read does not change its size.
  const total = p === undefined ? 'unknown' : ({ value: p, source: 'config' } as const);
  const parameters = { total, active: 'unknown' } as const;
  return variants.flatMap((variant) => {
    const weights = sizeWeights({ parameters }, variant, { memory }, bitsOf(variant.label, bitsPerWeight));
    if (weights === undefined) return [];
    return [[weights.weightBytes + memory.overheadBytes, bytesPerCachedNumber({ memory })] as const];
  });
}

function leanest(needs: readonly Need[]): Need[] {
  const least = new Map<number, number>();
  for (const [bytes, per] of needs) least.set(per, Math.min(bytes, least.get(per) ?? bytes));
  return [...least].map(([per, bytes]) => [bytes, per]);
}

function deviceOf({ A, x, b }: OwnFacts, needs: readonly Need[]): Listed['device'] {
  if (needs.length === 0) return 'unknown';
  const tokens = Math.min(USUAL_CONTEXT, x ?? USUAL_CONTEXT);
  if (A !== undefined) return deviceFor({ tokens, needs }, decodeAttention(A));
  const [relation, base] = b ?? [];
  return relation === 'quantized' && base !== undefined ? { base, tokens, needs } : 'unknown';
}

export function deviceFor(
  { tokens, needs }: Pick<Pending, 'tokens' | 'needs'>,
  attention: Attention,
): Device {
  const numbers = cacheNumbers(attention, tokens);
  return smallestDevice(Math.min(...needs.map(([bytes, per]) => bytes + numbers * per)));
}
