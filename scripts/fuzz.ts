/**
 * Tests with wrong records: `npm run fuzz [-- COUNT SEED]` takes records of the bundled snapshot apart and puts them
 * together wrongly, a million times, through parsing, extraction and evaluation. It reports throws, slow records and
 * impossible facts, and exits with 1 on any.
 */
import { readFileSync } from 'node:fs';
import { loadTables } from '../pipeline/data/load-tables.ts';
import { loadWorkers } from '../pipeline/data/workers.ts';
import { rememberRows } from '../pipeline/evaluate/memo.ts';
import { extractMetadata } from '../pipeline/extract/index.ts';
import { factValue, type ModelMetadata } from '../pipeline/extract/metadata.ts';
import { type HubRecord, parseRecord } from '../pipeline/extract/record.ts';
import { findMatches } from '../pipeline/lib/find-files.ts';
import { SNAPSHOT_GLOB, WORKERS_GLOB } from '../pipeline/lib/paths.ts';

const [count = '1000000', seed = '1'] = process.argv.slice(2);
const SLOW_MS = 200;

let state = Number(seed) >>> 0;
/** Returns a random number from a small generator with a seed (mulberry32), so that a finding can be repeated. */
function random(): number {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;

const NOISE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.5,
  1e308,
  2 ** 53,
  '',
  'x'.repeat(2000),
  '\u0000',
  '\ud800',
  '../../x',
  '__proto__',
  'Infinity',
  [],
  {},
  [[[[]]]],
  { __proto__: null, constructor: 1 },
  [null],
  'LlamaForCausalLM',
  'Q4_K_M',
  '-00001-of-00003',
  '{"a": Infinity, "max_position_embeddings": 1e400}',
  { factor: -8, type: 'yarn' },
  { bits: 0, group_size: 0 },
  { length: { toString: 1 } },
  { length: 2, toString: 'x', valueOf: 1 },
  JSON.parse('{"toJSON":1,"then":{},"constructor":{"name":1},"__proto__":{"length":1}}'),
];

const texts = findMatches(SNAPSHOT_GLOB).flatMap((path) => readFileSync(path, 'utf8').trim().split('\n'));
const seeds = texts.map((text) => JSON.parse(text) as Record<string, unknown>);

/** Changes a value somewhere inside, or replaces it by another record's, or by noise. */
function mutate(value: unknown, depth: number): unknown {
  if (random() < 0.15 || depth > 6) return pick(NOISE);
  if (Array.isArray(value)) {
    const copy = value.slice(0, 60);
    if (copy.length > 0) copy[Math.floor(random() * copy.length)] = mutate(pick(copy), depth + 1);
    return copy;
  }
  if (typeof value === 'object' && value !== null) {
    const key = pick([...Object.keys(value), '__proto__', 'extra']);
    return { ...value, [key]: mutate((value as Record<string, unknown>)[key], depth + 1) };
  }
  return typeof value === 'string' ? value + JSON.stringify(pick(NOISE)).slice(0, 50) : pick(NOISE);
}

/** Gives every file a size, of any magnitude. */
function withSizes(siblings: unknown): unknown {
  if (!Array.isArray(siblings)) return siblings;
  return siblings.map((file) =>
    typeof file === 'object' && file !== null ? { ...file, size: Math.floor(10 ** (random() * 12)) } : file,
  );
}

function invent(): Record<string, unknown> {
  let record = { ...pick(seeds) };
  for (let times = 1 + Math.floor(random() * 4); times > 0; times -= 1) {
    const key = pick(Object.keys(record));
    record = { ...record, [key]: random() < 0.3 ? pick(seeds)[key] : mutate(record[key], 0) };
  }
  if (random() < 0.3) record = { ...record, siblings: withSizes(record.siblings) };
  if (random() < 0.1) record = { ...record, usedStorage: Math.floor(10 ** (random() * 13)) };
  return record;
}

/** Returns the bytes of all files, where the record has the sizes of all. */
function bytesOf({ siblings = [] }: HubRecord): number | undefined {
  const sizes = siblings.map(({ size }) => size);
  return sizes.length === 0 || sizes.includes(undefined)
    ? undefined
    : sizes.reduce<number>((a, b) => a + (b ?? 0), 0);
}

function impossible(
  { parameters, contextLength, variants }: ModelMetadata,
  record: HubRecord,
): string | undefined {
  const bytes = bytesOf(record);
  if (bytes !== undefined && (factValue(parameters.total) ?? 0) > bytes * 8)
    return `${factValue(parameters.total)} weights in ${bytes} bytes`;
  for (const count of [factValue(parameters.total), factValue(parameters.active), factValue(contextLength)]) {
    if (count !== undefined && !(Number.isSafeInteger(count) && count > 0)) return `count ${count}`;
  }
  if ((factValue(contextLength) ?? 0) > 12_000_000) return 'context above 12 million';
  if (new Set(variants.map(({ id }) => id)).size !== variants.length) return 'two variants of one id';
  return variants.some(({ missingShards }) => missingShards !== 'unknown' && missingShards < 0)
    ? 'fewer than no parts missing'
    : undefined;
}

const tables = loadTables();
const verdictsOf = rememberRows(loadWorkers(WORKERS_GLOB), 5_000_000);

/** Runs a record, and returns whether it was accepted, and the problem found. */
function run(record: unknown): { accepted: boolean; problem: string | undefined } {
  const parsed = parseRecord(record);
  if (!parsed.ok) return { accepted: false, problem: undefined };
  const model = extractMetadata(parsed.record, tables);
  verdictsOf(model).all();
  return { accepted: true, problem: impossible(model, parsed.record) };
}

function milliseconds(record: unknown): number {
  const start = performance.now();
  run(record);
  return performance.now() - start;
}

const findings: string[] = [];
const note = (problem: string, record: unknown) =>
  findings.push(`${problem}: ${JSON.stringify(record).slice(0, 2000)}`);
let accepted = 0;
let slowest = 0;
for (let at = 0; at < Number(count) && findings.length < 10; at += 1) {
  const record = invent();
  const start = performance.now();
  try {
    const result = run(record);
    if (result.accepted) accepted += 1;
    if (result.problem !== undefined) note(result.problem, record);
  } catch (error) {
    note(error instanceof Error ? String(error.stack) : String(error), record);
    continue;
  }
  let ms = performance.now() - start;
  // A busy machine is slow once, a bad record always.
  for (let again = 0; ms > SLOW_MS && again < 3; again += 1) ms = Math.min(ms, milliseconds(record));
  slowest = Math.max(slowest, ms);
  if (ms > SLOW_MS) note(`took ${ms.toFixed(0)} ms`, record);
}
for (const finding of findings) console.log(finding);
console.log(
  `${count} records, ${accepted} accepted, slowest ${slowest.toFixed(1)} ms, ${findings.length} findings (seed ${seed})`,
);
process.exitCode = findings.length === 0 ? 0 : 1;
