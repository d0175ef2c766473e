/** Hashes by node:crypto: the key of a row of verdicts, and the hash of a file's content. */
import { hash } from 'node:crypto';

/** Returns 48 bits of sha256 as eight URL-safe characters. */
export function shortKey(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 8);
}

export function sha256(content: string | Buffer): string {
  return hash('sha256', content);
}
