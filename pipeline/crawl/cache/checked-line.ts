/**
 * Lines of plain files that say whether they are whole: a hash before the text. A flipped bit can leave a line that is
 * still JSON, and a fact in it that is wrong; gzipped files have a checksum of their own.
 */
import { sha256 } from '../../lib/hash.ts';

const HASH_CHARS = 16;

/** With a newline at the end; `text` holds none. */
export function sealLine(text: string): string {
  return `${hashOf(text)} ${text}\n`;
}

/** The text of a line; undefined where it is half a line, or not what was written. */
export function unsealLine(line: string): string | undefined {
  const text = line.slice(HASH_CHARS + 1);
  return line.slice(0, HASH_CHARS + 1) === `${hashOf(text)} ` ? text : undefined;
}

function hashOf(text: string): string {
  return sha256(text).slice(0, HASH_CHARS);
}
