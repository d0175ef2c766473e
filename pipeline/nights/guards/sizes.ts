/** Guards of size: the bytes that one page loads, and the bytes that are hosted. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding, NightToJudge } from './night.ts';
import * as say from './sentences.ts';

const MOST_SHOWN = 10;

export function guardShards({ files, limits, dir }: NightToJudge): Finding | undefined {
  const { maxBytes, maxLineBytes } = limits.shardSize;
  const details = files.flatMap(({ path, bytes }) => {
    if (!path.startsWith('models/') || bytes <= maxBytes) return [];
    const line = longestLine(join(dir, path));
    if (line > maxLineBytes) return [say.lineTooLong(path, line, maxLineBytes)];
    return bytes - line > maxBytes ? [say.shardTooLong(path, bytes, maxBytes)] : [];
  });
  if (details.length === 0) return undefined;
  return {
    problem: say.shardsTooLong(details.length, maxBytes),
    details: details.slice(0, MOST_SHOWN),
  };
}

export function guardTotal({ files, last, limits }: NightToJudge): Finding | undefined {
  if (last === undefined) return undefined;
  const { maxShare, floorBytes } = limits.totalGrowth;
  const bytes = files.reduce((all, file) => all + file.bytes, 0);
  const more = bytes - last.bytes;
  if (more < floorBytes || more <= last.bytes * maxShare) return undefined;
  return {
    problem: say.outGrows(last.bytes, bytes, maxShare),
    details: [`${files.length} files`],
  };
}

const NEWLINE = 0x0a;

/** Returns the bytes of the longest line of a file, with its newline. */
function longestLine(path: string): number {
  const content = readFileSync(path);
  let longest = 0;
  for (let start = 0; start < content.length; ) {
    const end = content.indexOf(NEWLINE, start);
    const next = end < 0 ? content.length : end + 1;
    longest = Math.max(longest, next - start);
    start = next;
  }
  return longest;
}
