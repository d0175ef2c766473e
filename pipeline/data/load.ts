/**
 * Loads data files, for all callers: reads, parses and validates them, and says where a file is wrong and
 * what to write.
 */
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { DataError } from '../lib/errors.ts';
import { DATA_DIR } from '../lib/paths.ts';
import * as say from './sentences.ts';

/**
 * Reads a file of data/, such as `limits.json`.
 *
 * @throws DataError naming the file, the line or field, and what was found there.
 */
export function loadDataFile<T>(name: string, schema: z.ZodType<T>): T {
  return loadJsonFile(fileURLToPath(new URL(name, DATA_DIR)), schema);
}

/** Reads a file as `loadDataFile` does; returns undefined where there is no such file. */
export function loadOptionalDataFile<T>(name: string, schema: z.ZodType<T>): T | undefined {
  return existsSync(new URL(name, DATA_DIR)) ? loadDataFile(name, schema) : undefined;
}

/** Reads a file as `loadDataFile` does, from any path. */
function loadJsonFile<T>(path: string, schema: z.ZodType<T>): T {
  return parseDataText(nameOf(path), readFileSync(path, 'utf8'), schema);
}

/**
 * Parses and validates a text that was read from the file of this name.
 *
 * @throws DataError as `loadDataFile`.
 */
export function parseDataText<T>(name: string, text: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(parseText(name, text));
  if (parsed.success) return parsed.data;
  throw new DataError(say.wrongFields(name, z.prettifyError(parsed.error)));
}

function parseText(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DataError(say.notJson(describeSyntaxError(name, text, cause)), {
      cause,
    });
  }
}

const SHOWN_CHARS = 60;

/**
 * Describes a syntax error with its line: engines give the position of the unexpected character, unless it is
 * the end.
 */
function describeSyntaxError(name: string, text: string, cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  const position = /at position (\d+)/.exec(message)?.[1];
  const before = text.slice(0, position === undefined ? text.trimEnd().length : Number(position));
  const line = before.split('\n').length;
  const found = (text.split('\n')[line - 1] ?? '').trim().slice(0, SHOWN_CHARS);
  const reason = message.replace(/ in JSON at position.*$/s, '').replace(/, ".*is not valid JSON$/s, '');
  return `${name}:${line} is not JSON: ${reason}; found ${JSON.stringify(found)}.`;
}

/** Returns `data/…` for a file of the project's own data, else the path as it was given. */
function nameOf(path: string): string {
  const inside = relative(fileURLToPath(DATA_DIR), path);
  return inside.startsWith('..') ? path : `data/${inside.replaceAll('\\', '/')}`;
}
