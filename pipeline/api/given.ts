/** Reads a listing record that a caller gives, by the reader that the entry has: with zod, or without. */
import type { HubRecord, ParsedRecord } from '../extract/record.ts';
import { DataError } from '../lib/errors.ts';

/**
 * Reads a record, with the config.json that is given beside it put in.
 *
 * @throws DataError when it is no record.
 */
export function readGiven(
  read: (input: unknown) => ParsedRecord,
  record: unknown,
  config: unknown,
): HubRecord {
  const isJoined = typeof record === 'object' && record !== null && config !== undefined;
  const parsed = read(isJoined ? { ...record, configJson: config } : record);
  if (!parsed.ok)
    throw new DataError(
      `This is not a record of the Hub's listing: ${parsed.reason}. Pass an object as /api/models returns it.`,
    );
  return parsed.record;
}
