/** The one serializer of published JSON, and narrowing helpers for values parsed from strangers' JSON. */
import { compareNames } from './compare.ts';

/** A JSON object whose fields have not been looked at yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The value that a stranger's text holds; undefined, which JSON has no word for, where it is not JSON. */
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

/** `value[key]` when `value` is an object that owns `key`; never something inherited. */
export function field(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export function stringField(value: unknown, key: string): string | undefined {
  const found = field(value, key);
  return typeof found === 'string' ? found : undefined;
}

/** How deep the fields that we check lie in a record: `baseModels.models[].id`. */
const NULL_DEPTH = 4;

/**
 * A record without the fields that are null, however it is nested as far as we look. The Hub leaves out what it does not
 * know; pandas, DuckDB and huggingface_hub write null there.
 */
export function withoutNulls(value: unknown, depth = NULL_DEPTH): unknown {
  if (depth === 0 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, depth - 1));
  const kept = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutNulls(item, depth - 1)]));
}

/** JSON in which every sign beyond ASCII is escaped: a byte a character, whatever strangers wrote. */
export function asciiStringify(value: unknown): string {
  return JSON.stringify(value).replace(BEYOND_ASCII, escapeUnit);
}

const BEYOND_ASCII = /[\u0080-\uffff]/g;

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** JSON with sorted keys and no white space: equal values give equal bytes. */
export function stableStringify(value: unknown): string {
  return JSON.stringify(value, sortKeys);
}

/** As `stableStringify`, indented for people, with a newline at the end. */
export function prettyStringify(value: unknown): string {
  return `${JSON.stringify(value, sortKeys, 1)}\n`;
}

function sortKeys(_key: string, value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => compareNames(a, b)));
}
