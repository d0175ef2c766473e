/** Puts text of unknown origin into Markdown, always as a code span, in which nothing is markup, a link or a mention. */
import { printable } from '../../pipeline/lib/printable.ts';

/** The most characters of a name or a reason that are shown. */
const MOST_SHOWN = 300;

/** Returns a code span of one line, fenced by more backticks than the text has in a row. */
export function code(text: string): string {
  const line = printable(text.replace(/\s+/g, ' ').trim()).slice(0, MOST_SHOWN);
  const runs = line.match(/`+/g) ?? [];
  const fence = '`'.repeat(1 + Math.max(0, ...runs.map((run) => run.length)));
  const pad = line === '' || line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Returns the lines that fit, and a last one where there were more. */
export function within(lines: Iterable<string>, mostBytes: number): string {
  const end = '\n(cut: the rest does not fit)\n';
  const kept: string[] = [];
  let room = mostBytes - Buffer.byteLength(end);
  for (const line of lines) {
    room -= Buffer.byteLength(line) + 1;
    if (room < 0) return kept.join('\n') + end;
    kept.push(line);
  }
  return `${kept.join('\n')}\n`;
}
