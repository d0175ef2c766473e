/**
 * Escapes strangers' text in Markdown that is shown as HTML: nothing of it is markup, a link, a mention or a
 * command.
 */

import { printable } from '../../lib/printable.ts';
import { isRepoId } from '../../lib/repo-id.ts';

const MOST_CHARS = 200;
const MARKUP = /[&<>"'\\`*_{}[\]()#+!|~@$:]/g;

/**
 * Returns one line, cut where it is long; every sign that Markdown, HTML or a workflow command knows becomes
 * a character reference.
 */
export function plain(text: string): string {
  const line = printable(text).replaceAll(/\s+/g, ' ').trim();
  const cut = line.length > MOST_CHARS ? `${line.slice(0, MOST_CHARS)}…` : line;
  return cut.replace(MARKUP, (sign) => `&#${sign.charCodeAt(0)};`).replaceAll('www.', 'www&#46;');
}

/** Returns a model's name with a link to it; a name that is no repo id is only shown. */
export function modelLink(id: string): string {
  return isRepoId(id) ? `[${plain(id)}](https://huggingface.co/${id})` : plain(id);
}

/** Returns a table. `align` has an `l` or an `r` for each column. Cells are Markdown already. */
export function table(
  header: readonly string[],
  align: string,
  rows: readonly (readonly string[])[],
): string {
  const rule = [...align].map((side) => (side === 'r' ? '--:' : ':--'));
  return [header, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const BARS = '▁▂▃▄▅▆▇█';
const MOST_BARS = 30;

/**
 * Returns the last values as bars; the span is at least a twentieth of them, so that a change of one model
 * looks small.
 */
export function sparkline(values: readonly number[]): string {
  const shown = values.slice(-MOST_BARS);
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  const span = Math.max(high - low, high / 20, 1);
  // From the middle, so that what never moved has the same bar everywhere.
  const middle = (low + high) / 2;
  const top = BARS.length - 1;
  return shown.map((value) => BARS[Math.round(((value - middle) / span) * top + top / 2)]).join('');
}
