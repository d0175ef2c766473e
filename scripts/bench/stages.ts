/**
 * Measures the microseconds per record of each stage, in one thread, and the time in which a cold out/ answers. It prints
 * JSON.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { loadTables } from '../../pipeline/data/load-tables.ts';
import { loadWorkers } from '../../pipeline/data/workers.ts';
import { rememberVerdicts } from '../../pipeline/evaluate/memo.ts';
import { extractMetadata } from '../../pipeline/extract/index.ts';
import { parseRecord } from '../../pipeline/extract/record.ts';
import { encodeOwn, encodeShared } from '../../pipeline/format/encode.ts';
import { prefixOf } from '../../pipeline/format/prefix-of.ts';
import { VerdictTable } from '../../pipeline/judge/verdict-table.ts';
import { eachLine } from '../../pipeline/lib/lines.ts';
import { openMatrix } from '../../pipeline/read/node.ts';

const [source = '', out = '', pattern = ''] = process.argv.slice(2);
const HEAD_BYTES = 64 * 1024 * 1024;
const BATCH = 50;
const PARSE = 'split and parse';

/** Returns the lines of the first part of the file, and the milliseconds that splitting took. */
function splitHead(): { readonly lines: readonly Buffer[]; readonly ms: number } {
  const bytes = Buffer.alloc(HEAD_BYTES);
  const file = openSync(source, 'r');
  const read = readSync(file, bytes, 0, HEAD_BYTES, 0);
  closeSync(file);
  const lines: Buffer[] = [];
  const started = performance.now();
  const end = bytes.lastIndexOf('\n', read - 1) + 1;
  eachLine(bytes.subarray(0, end), HEAD_BYTES, { line: (line) => lines.push(line), tooLong: () => {} });
  return { lines, ms: performance.now() - started };
}

/**
 * Measures each stage. Batches are small, so that the data of a stage dies young, as in the pipeline. The first half is
 * for warming up.
 */
async function measureStages(): Promise<Record<string, number>> {
  const { lines, ms: splitting } = splitHead();
  const tables = loadTables();
  const workers = loadWorkers(pattern);
  const table = new VerdictTable();
  const judge = rememberVerdicts(workers, (row, model) => table.digest(row, model, [0]));
  const spent = new Map<string, number>();
  let measured = 0;
  for (let at = 0; at < lines.length; at += BATCH) {
    const warm = at > lines.length / 2;
    const time = <T, R>(stage: string, items: readonly T[], work: (item: T) => R): R[] => {
      const started = performance.now();
      const results = items.map(work);
      if (warm) spent.set(stage, (spent.get(stage) ?? 0) + performance.now() - started);
      return results;
    };
    const batch = lines.slice(at, at + BATCH);
    if (warm) measured += batch.length;
    const inputs = time(PARSE, batch, (line) => JSON.parse(line.toString()) as unknown);
    const records = time('record check', inputs, parseRecord).flatMap((parsed) =>
      parsed.ok ? [parsed.record] : [],
    );
    const models = time('extract', records, (record) => extractMetadata(record, tables));
    const digests = time('evaluate', models, judge);
    time('encode and partition', models, (model) => {
      prefixOf(model.id);
      const digest = digests[0]?.made;
      if (digest === undefined) return '';
      return table.keyOf(digest, encodeShared(model)) + JSON.stringify(encodeOwn(model, digest));
    });
  }
  spent.set(PARSE, (spent.get(PARSE) ?? 0) + (splitting * measured) / lines.length);
  return Object.fromEntries([...spent].map(([stage, ms]) => [stage, (ms * 1000) / measured]));
}

async function measureAllowlist() {
  const started = performance.now();
  const allowlist = await (await openMatrix(out)).allowlist();
  return { ms: performance.now() - started, allowed: allowlist.length };
}

const allowlist = await measureAllowlist();
console.log(JSON.stringify({ microseconds: await measureStages(), allowlist }));
