/** Reads how a declared method stores weights: widths, number types and group sizes, group by group. */
import { field, isObject, type JsonObject } from '../lib/json.ts';
import { compressedGroups } from './compressed.ts';
import { wholeNumber } from './config.ts';
import type { StoredGroup } from './metadata.ts';

/** The most groups that are kept: more than there are widths, however many modules a mixed model lists. */
const MOST_GROUPS = 32;

/** Returns each sort of group once; empty where the config states no width. */
export function readStorage(declared: JsonObject | undefined, method: string): readonly StoredGroup[] {
  if (declared === undefined) return [];
  const groups = method === 'compressed-tensors' ? fromCompressed(declared) : fromBits(declared, method);
  const sorts = new Map(groups.map((group) => [JSON.stringify(group), group]));
  return [...sorts.values()].slice(0, MOST_GROUPS);
}

function fromCompressed(declared: JsonObject): StoredGroup[] {
  return (compressedGroups(declared) ?? []).map(({ format, bits, type, groupSize }) => ({
    format,
    bits,
    type,
    groupSize,
  }));
}

/** Reads the widths; MLX and GPTQModel list modules of another width by name. */
function fromBits(declared: JsonObject, method: string): StoredGroup[] {
  const own = groupOf(declared, method);
  const dynamic = field(declared, 'dynamic');
  const modules = [...Object.values(declared), ...Object.values(isObject(dynamic) ? dynamic : {})].filter(
    isObject,
  );
  const others = modules.map((module) => groupOf(module, method)).filter((group) => group !== undefined);
  return [...(own === undefined ? [] : [own]), ...others];
}

function groupOf(declared: JsonObject, method: string): StoredGroup | undefined {
  const bits = bitsOf(declared);
  if (bits === undefined) return undefined;
  const groupSize = wholeNumber(field(declared, 'group_size'));
  const actOrder = field(declared, 'desc_act');
  return {
    format: method,
    bits,
    ...(groupSize === undefined ? {} : { groupSize: Math.max(0, groupSize) }),
    ...(typeof actOrder === 'boolean' ? { actOrder } : {}),
  };
}

function bitsOf(declared: JsonObject): number | undefined {
  if (field(declared, 'load_in_4bit') === true) return 4;
  if (field(declared, 'load_in_8bit') === true) return 8;
  const bits = field(declared, 'bits') ?? field(declared, 'w_bit');
  return typeof bits === 'number' && bits >= 1 && bits <= 32 ? bits : undefined;
}
