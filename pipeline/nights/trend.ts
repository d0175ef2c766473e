/** trend.svg: the allowlist and the models that each worker program runs, over the nights of history.json. */

import type { History } from '../format/files.ts';
import { count, difference } from '../lib/words.ts';

const WIDTH = 640;
const ROW_HEIGHT = 56;
const PLOT = { left: 190, width: 340, height: 36 } as const;
const RIGHT = PLOT.left + PLOT.width;
const NUMBERS = RIGHT + 12;
/** The height of the row of dates. */
const TOP = 24;
const DAY_MS = 86_400_000;
/**
 * The most rows: the allowlist, the gate's programs, and the engines that run most, few enough to read in ten seconds.
 */
const MOST_ROWS = 8;

interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

/**
 * Returns the series: first the allowlist, then gate workers as one series where they agree, then engines by the models
 * that they run.
 */
export function trendSeries(history: History): Series[] {
  const last = history.at(-1);
  if (last === undefined) return [];
  const workers = Object.keys(last.workers).map((id) => ({
    name: id,
    values: history.map((night) => night.workers[id]?.compatible ?? 0),
  }));
  const programs = Object.keys(last.programs).map((name) => ({
    name,
    values: history.map((night) => night.programs[name]?.compatible ?? 0),
  }));
  programs.sort((a, b) => (b.values.at(-1) ?? 0) - (a.values.at(-1) ?? 0));
  const allowlist = { name: 'allowlist', values: history.map(({ allowed }) => allowed) };
  return [allowlist, ...mergeEqual(workers), ...programs].slice(0, MOST_ROWS);
}

/** Merges backends of one program that run the same models, as they often do, into one line. */
function mergeEqual(workers: readonly Series[]): Series[] {
  const merged = new Map<string, Series & { readonly backends: string[] }>();
  for (const { name, values } of workers) {
    const cut = name.lastIndexOf('-');
    const [program, backend] = [name.slice(0, cut), name.slice(cut + 1)];
    const key = `${program} ${values.join(' ')}`;
    const found = merged.get(key);
    if (found === undefined) merged.set(key, { name: program, values, backends: [backend] });
    else found.backends.push(backend);
  }
  return [...merged.values()].map(({ name, values, backends }) => ({
    name: `${name} (${backends.join(', ')})`,
    values,
  }));
}

/**
 * Draws the series in steps by date: nights in which nothing changed have no entry. Worker names are ours, and still
 * escaped.
 */
export function trendSvg(history: History): string {
  const series = trendSeries(history);
  const [first = '', last = ''] = [history[0]?.date, history.at(-1)?.date];
  const height = TOP + Math.max(1, series.length) * ROW_HEIGHT;
  const rows = series.map((row, at) => rowSvg(row, history, TOP + at * ROW_HEIGHT));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Models that run, ${first} to ${last}" font-family="system-ui,sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="${PLOT.left}" y="14" fill="#666">${first}</text>`,
    ...(first === last ? [] : [`<text x="${RIGHT}" y="14" fill="#666" text-anchor="end">${last}</text>`]),
    `<text x="${NUMBERS}" y="14" fill="#666">now, moved</text>`,
    ...rows,
    '</svg>\n',
  ].join('\n');
}

function rowSvg({ name, values }: Series, history: History, top: number): string {
  const [now = 0, then = 0] = [values.at(-1), values[0]];
  const label =
    name.length > 30 ? [name.slice(0, name.indexOf(' (')), name.slice(name.indexOf('('))] : [name];
  return [
    ...label.map((text, at) => `<text x="8" y="${top + 20 + at * 14}" fill="#222">${escapeXml(text)}</text>`),
    `<path d="${stepPath(values, history, top + 6)}" fill="none" stroke="#2563eb" stroke-width="2"/>`,
    `<text x="${NUMBERS}" y="${top + 20}" fill="#222" font-weight="bold">${count(now)}</text>`,
    `<text x="${NUMBERS}" y="${top + 34}" fill="${now < then ? '#b91c1c' : '#666'}">${difference(now, then)}</text>`,
  ].join('\n');
}

/**
 * Returns the path of a series. A night lasts a day. The span is at least a twentieth of the values, so that one model
 * more draws no high step.
 */
function stepPath(values: readonly number[], history: History, top: number): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = Math.max(high - low, high / 20, 1);
  const start = Date.parse(history[0]?.date ?? '');
  const days = 1 + (Date.parse(history.at(-1)?.date ?? '') - start) / DAY_MS;
  const x = (at: number) =>
    PLOT.left + ((Date.parse(history[at]?.date ?? '') - start) / DAY_MS / days) * PLOT.width;
  const y = (value: number) => top + PLOT.height / 2 - ((value - (low + high) / 2) / span) * PLOT.height;
  const steps = values.slice(1).map((value, at) => `H${round(x(at + 1))}V${round(y(value))}`);
  return `M${PLOT.left} ${round(y(values[0] ?? 0))}${steps.join('')}H${RIGHT}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
