/**
 * Lines of plain files with a checksum before the text. A flipped bit can leave a line that is still JSON and
 * states a wrong fact; gzipped files have a checksum of their own.
 */
import { sha256 } from '../../lib/hash.ts';

const CHECKSUM_CHARS = 16;

/** Returns the line with its checksum and a newline. `text` holds no newline. */
export function addChecksum(text: string): string {
  return `${checksumOf(text)} ${text}\n`;
}

/** Returns the text of a line, or undefined when the line was cut or is not what was written. */
export function withoutChecksum(line: string): string | undefined {
  const text = line.slice(CHECKSUM_CHARS + 1);
  return line.slice(0, CHECKSUM_CHARS + 1) === `${checksumOf(text)} ` ? text : undefined;
}

function checksumOf(text: string): string {
  return sha256(text).slice(0, CHECKSUM_CHARS);
}
