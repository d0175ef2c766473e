/**
 * The schema of data/names.json: names that one program alone states, which distinguishes a rare name from a misspelt
 * one.
 */
import * as z from 'zod';
import { FORMATS } from '../../pipeline/data/vocabulary.ts';
import { MATCH_KEYS } from '../../pipeline/data/worker.ts';

const names = z.array(z.string().min(1));

export const namesFile = z.strictObject({
  $comment: z.string(),
  /** The names, by the match key that a program compares. */
  names: z.partialRecord(z.enum(MATCH_KEYS), names),
  /** The methods and other labels that extraction writes, by format; GGUF has its own table. */
  labels: z.partialRecord(z.enum(FORMATS), names),
});
