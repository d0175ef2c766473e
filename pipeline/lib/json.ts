/** The one serializer of published JSON, and functions that narrow values parsed from JSON of unknown origin. */
import { compareNames } from './compare.ts';

/** A JSON object whose fields have not been checked yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Parses a text of unknown origin; returns undefined, which JSON cannot express, where it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns `value[key]` when `value` is an object that owns `key`; never an inherited value. */
export function field(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export function stringField(value: unknown, key: string): string | undefined {
  const found = field(value, key);
  return typeof found === 'string' ? found : undefined;
}

/** The depth of the deepest field that is checked in a record: `baseModels.models[].id`. */
const NULL_DEPTH = 4;

/**
 * Returns a record without its null fields, at any depth that is checked. The Hub leaves out what it does not know;
 * pandas, DuckDB and huggingface_hub write null there.
 */
export function withoutNulls(value: unknown, depth = NULL_DEPTH): unknown {
  if (depth === 0 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, depth - 1));
  const kept = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutNulls(item, depth - 1)]));
}

/**
 * Returns JSON in which every character beyond ASCII is escaped, so that each character takes one byte, whatever the
 * input holds.
 */
export function asciiStringify(value: unknown): string {
  return JSON.stringify(value).replace(BEYOND_ASCII, escapeUnit);
}

const BEYOND_ASCII = /[\u0080-\uffff]/g;

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Returns JSON with sorted keys and no white space: equal values give equal bytes. */
export function stableStringify(value: unknown): string {
  return JSON.stringify(withSortedKeys(value));
}

/** Returns the same as `stableStringify`, indented for people, with a newline at the end. */
export function prettyStringify(value: unknown): string {
  return `${JSON.stringify(withSortedKeys(value), null, 1)}\n`;
}

/** Returns plain data with the keys of all objects sorted. A list of a million ids or numbers is not copied. */
function withSortedKeys(value: unknown): unknown {
  if (Array.isArray(value))
    return value.some((item) => typeof item === 'object') ? value.map(withSortedKeys) : value;
  if (!isObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => compareNames(a, b));
  return Object.fromEntries(entries.map(([key, item]) => [key, withSortedKeys(item)]));
}
