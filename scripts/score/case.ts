/** A case with known answers, and the two readings in which it counts. */
import { readFileSync } from 'node:fs';
import type { Tables } from '../../pipeline/data/tables.ts';
import { extractMetadata } from '../../pipeline/extract/index.ts';
import type { ModelMetadata } from '../../pipeline/extract/metadata.ts';
import { parseRecord } from '../../pipeline/extract/record.ts';

type Answer<T> = T | 'unknown' | readonly (T | 'unknown')[];
type Status = 'compatible' | 'incompatible' | 'unknown';

/** The true facts of a repository; a list where any of several answers is right, null where none is established. */
export interface Expectation {
  readonly kind?: Answer<string> | null;
  readonly quantization?: Answer<string> | null;
  /** The context length in tokens. */
  readonly contextLength?: Answer<number> | null;
  readonly parameters?: Answer<number> | null;
  readonly activeParameters?: Answer<number> | null;
  /** The ids of the variants, with `/n` for n weight shards, in any order, with blanks between. */
  readonly variants?: Answer<string> | null;
  /** The variant that llama.cpp recommends. */
  readonly recommended?: Answer<string> | null;
  /** Variant id -> bytes. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** The bytes that every variant has at least. */
  readonly smallestSizeAtLeast?: number;
  /** Program -> bytes of the key-value cache at 8,192 tokens. */
  readonly cacheBytesAt8k?: Readonly<Record<string, Answer<number>>>;
  /** Program -> words that none of its sentences may hold. */
  readonly reasonsNot?: Readonly<Record<string, string | readonly string[]>>;
  readonly evidenceNot?: Readonly<Record<string, string | readonly string[]>>;
  /** Column of a program -> its verdict. */
  readonly [program: string]: unknown;
}

export interface Case {
  readonly case: string;
  readonly record: {
    readonly id: string;
    readonly siblings?: readonly { readonly rfilename: string }[];
    readonly _files?: Readonly<Record<string, number>>;
    readonly _content?: Readonly<Record<string, unknown>>;
  };
  readonly expect: Expectation;
}

export type Reading = 'live' | 'listing';
export type Verdicts = Status | readonly Status[];

/** Returns the verdicts that are right; undefined where none is established. */
export function verdictsOf(wanted: unknown): readonly Status[] | undefined {
  if (wanted === null || wanted === undefined) return undefined;
  return (Array.isArray(wanted) ? wanted : [wanted]) as Status[];
}

export function readCases(path: string): Case[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Case);
}

/** Returns all files of a repository. The listing cuts long lists of files; the repository itself does not. */
function allFiles({ siblings = [], _files = {} }: Case['record']): string[] {
  return [...new Set([...siblings.map(({ rfilename }) => rfilename), ...Object.keys(_files)])];
}

/**
 * Returns the model as one reading knows it: `live` with the sizes of its files and config.json, `listing` by the record
 * alone; undefined where the record is rejected.
 */
export function readAs(reading: Reading, { record }: Case, tables: Tables): ModelMetadata | undefined {
  const sizes = record._files ?? {};
  const live = {
    configJson: record._content?.['config.json'],
    siblings: allFiles(record).map((rfilename) => {
      const size = sizes[rfilename];
      return size === undefined ? { rfilename } : { rfilename, size };
    }),
  };
  const parsed = parseRecord(reading === 'live' ? { ...record, ...live } : record);
  return parsed.ok ? extractMetadata(parsed.record, tables) : undefined;
}
