import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { build } from '../../pipeline/build.ts';
import { buildOptions } from '../../pipeline/commands/options.ts';
import type { Matrix } from '../../pipeline/read/index.ts';
import { openMatrix } from '../../pipeline/read/node.ts';
import { compareOuts } from '../compare.ts';
import { code, within } from './markdown.ts';

const WORKERS = fileURLToPath(new URL('../../data/workers', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'compare-'));
const before = join(dir, 'before');
const after = join(dir, 'after');
const edited = join(dir, 'workers');

/** Builds the snapshot with the workers of a folder. */
async function buildWith(workers: string, out: string): Promise<void> {
  const flags = ['--out', out, '--cache', join(dir, 'cache'), '--workers', `${workers}/rbee/*.json`];
  await build(buildOptions(flags, {}), () => new Date('2026-01-01T00:00:00Z'));
}

beforeAll(async () => {
  cpSync(WORKERS, edited, { recursive: true });
  const path = join(edited, 'rbee/llm-worker-rbee.json');
  const text = readFileSync(path, 'utf8');
  expect(text).toContain('"mistral"');
  writeFileSync(path, text.replaceAll('"mistral"', '"nothing-is-called-so"'));
  await buildWith(WORKERS, before);
  await buildWith(edited, after);
});
afterAll(() => rmSync(dir, { recursive: true }));

test('a fact taken from a worker shows the models that it removes, with the reason', async () => {
  const text = await compareOuts(before, after);
  expect(text).toMatch(/### `llm-worker-rbee-cpu`\n\n\d+ removed\n/);
  expect(text).toMatch(/- `[^`]+` (?:high|medium|low) → none: `[^`]*mistral/i);
  expect(text).not.toContain(' added\n');
});

test('the other way round the same models are added', async () => {
  const text = await compareOuts(after, before);
  expect(text).toMatch(/### `llm-worker-rbee-cpu`\n\n\d+ added\n/);
  expect(text).toMatch(/- `[^`]+` none → (?:high|medium|low): /);
  expect(text).not.toContain(' removed\n');
});

test('two builds of the same facts move nothing, and every worker is counted', async () => {
  const text = await compareOuts(before, before);
  expect(text).not.toContain('###');
  expect(
    text.match(/^\| `(?:llm|sd)-worker-rbee-\w+` \| (\d+) \| \1 \| 0 \| 0 \| 0 \|$/gm)?.length,
  ).toBeGreaterThan(3);
});

test('counts are those of the lists of each worker', async () => {
  const [was, is, text] = [
    await openMatrix(before),
    await openMatrix(after),
    await compareOuts(before, after),
  ];
  for (const { id } of await was.workers()) {
    const ids = async (matrix: Matrix) => Object.values(await matrix.worker(id)).flat();
    const [old, now] = [await ids(was), await ids(is)];
    const removed = old.filter((one) => !now.includes(one)).length;
    expect(text).toContain(`| \`${id}\` | ${old.length} | ${now.length} | 0 | ${removed} | 0 |`);
  }
});

test('a folder that is not an out/ is reported without a stack, with what to do', () => {
  const script = fileURLToPath(new URL('../compare.ts', import.meta.url));
  const run = spawnSync(process.execPath, ['--import', 'tsx', script, before, dir], { encoding: 'utf8' });
  expect(run.stderr).toBe(
    `${dir} has no manifest.json. Run npm run build:matrix first, or name another out/.\n`,
  );
  expect(run.status).toBe(2);
});

test("a stranger's text stays within its code span", () => {
  expect(code('a`b``c')).toBe('```a`b``c```');
  expect(code('`')).toBe('`` ` ``');
  expect(code('a\n\n# b\u001b[31m')).toBe('`a # b\ufffd[31m`');
});

test('text is cut at a line where it does not fit, and says so', () => {
  const text = within(['ä'.repeat(40), 'b'.repeat(80), 'c'], 120);
  expect(text).toBe(`${'ä'.repeat(40)}\n(cut: the rest does not fit)\n`);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(120);
});
