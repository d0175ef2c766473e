/**
 * Reads the numbers in the header of a GGUF file from its first bytes: ggml-org/ggml, docs/gguf.md.
 * Vocabularies make headers of 5 to 15 MB, while the numbers come before them: the part that is cut off is
 * left out. (@huggingface/gguf reads whole headers, and asks for more until it has them.) Files are
 * untrusted: no length in them is believed.
 */
import { MAX_LAYERS } from '../extract/layers.ts';
import { MAX_NAME } from '../extract/record-limits.ts';

export interface GgufHeader {
  readonly architecture: string;
  /** Whole numbers, and lists of them for each layer, by their keys without the architecture's name before them. */
  readonly values: Readonly<Record<string, number | readonly number[]>>;
}

/** The most keys that are read. Real headers have some 30. */
const MOST_KEYS = 1_000;
/** The most numbers that are kept. */
const MOST_VALUES = 200;

/**
 * Returns the numbers in the bytes; undefined where they are no GGUF file of version 2 or 3, or name no
 * architecture.
 */
export function parseGgufHeader(bytes: Uint8Array): GgufHeader | undefined {
  const reader = new Reader(bytes);
  if (reader.text(4) !== 'GGUF') return undefined;
  const version = reader.number('u32');
  if (version !== 2 && version !== 3) return undefined;
  reader.number('u64');
  const keys = reader.number('u64');
  if (keys === undefined) return undefined;
  const found = new Map<string, Value>();
  for (let read = 0; read < Math.min(keys, MOST_KEYS); read += 1) {
    const key = reader.string();
    const value = readValue(reader);
    if (key === undefined || value === undefined) break;
    if (key === 'general.architecture' || isKept(key, value)) found.set(key, value);
  }
  return headerOf(found);
}

type Value = string | number | readonly number[] | 'skipped';

function isKept(key: string, value: Value): boolean {
  return (
    key.length <= MAX_NAME && (typeof value === 'number' ? Number.isSafeInteger(value) : Array.isArray(value))
  );
}

function headerOf(found: ReadonlyMap<string, Value>): GgufHeader | undefined {
  const architecture = found.get('general.architecture');
  if (typeof architecture !== 'string' || architecture === '' || architecture.length > MAX_NAME)
    return undefined;
  const start = `${architecture}.`;
  const own = [...found].filter(([key]) => key.startsWith(start)).slice(0, MOST_VALUES);
  const values = Object.fromEntries(own.map(([key, value]) => [key.slice(start.length), value]));
  return { architecture, values: values as GgufHeader['values'] };
}

const SIZES = { u8: 1, i8: 1, u16: 2, i16: 2, u32: 4, i32: 4, f32: 4, u64: 8, i64: 8, f64: 8 } as const;
type NumberType = keyof typeof SIZES;

/** The types, at their numbers in the file; `bool` is a byte. */
const TYPES: readonly (NumberType | 'string' | 'array')[] = [
  'u8',
  'i8',
  'u16',
  'i16',
  'u32',
  'i32',
  'f32',
  'u8',
  'string',
  'array',
  'u64',
  'i64',
  'f64',
];

/**
 * Reads a value; returns undefined where the bytes end or a type does not exist: nothing behind it can be
 * found.
 */
function readValue(reader: Reader): Value | undefined {
  const type = TYPES[reader.number('u32') ?? -1];
  if (type === undefined) return undefined;
  if (type === 'string') return reader.string();
  return type === 'array' ? readArray(reader) : reader.number(type);
}

/** Reads a list of numbers that may be one for each layer; all others are skipped. */
function readArray(reader: Reader): Value | undefined {
  const type = TYPES[reader.number('u32') ?? -1];
  const length = reader.number('u64');
  if (type === undefined || type === 'array' || length === undefined) return undefined;
  if (type === 'string') return reader.skipStrings(length) ? 'skipped' : undefined;
  if (length > MAX_LAYERS) return reader.skip(length * SIZES[type]) ? 'skipped' : undefined;
  const numbers: number[] = [];
  for (let at = 0; at < length; at += 1) {
    const number = reader.number(type);
    if (number === undefined) return undefined;
    numbers.push(number);
  }
  return numbers.every(Number.isSafeInteger) ? numbers : 'skipped';
}

/** Reads values one after the other; returns undefined where the bytes end, or a length is invalid. */
class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  number(type: NumberType): number | undefined {
    const at = this.#at;
    if (!this.skip(SIZES[type])) return undefined;
    const view = this.#view;
    switch (type) {
      case 'u8':
        return view.getUint8(at);
      case 'i8':
        return view.getInt8(at);
      case 'u16':
        return view.getUint16(at, true);
      case 'i16':
        return view.getInt16(at, true);
      case 'u32':
        return view.getUint32(at, true);
      case 'i32':
        return view.getInt32(at, true);
      case 'f32':
        return view.getFloat32(at, true);
      case 'f64':
        return view.getFloat64(at, true);
      case 'u64':
        return Number(view.getBigUint64(at, true));
      case 'i64':
        return Number(view.getBigInt64(at, true));
      default:
        return type satisfies never;
    }
  }

  string(): string | undefined {
    const length = this.number('u64');
    return length === undefined ? undefined : this.text(length);
  }

  text(length: number): string | undefined {
    const at = this.#at;
    return this.skip(length) ? Buffer.from(this.#bytes.subarray(at, this.#at)).toString('latin1') : undefined;
  }

  /** Skips bytes; returns false where there are not so many. */
  skip(length: number): boolean {
    if (!(length >= 0 && length <= this.#bytes.length - this.#at)) return false;
    this.#at += length;
    return true;
  }

  /** Skips strings. Each takes at least eight bytes, so that the bytes bound the steps. */
  skipStrings(count: number): boolean {
    for (let read = 0; read < count; read += 1) {
      const length = this.number('u64');
      if (length === undefined || !this.skip(length)) return false;
    }
    return true;
  }
}
