import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { build } from './build.ts';
import { buildOptions } from './commands/options.ts';
import { openMatrix } from './read/node.ts';

const dir = mkdtempSync(join(tmpdir(), 'snapshot-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** Compares a line per model: its kind, and the verdicts of the marketplace's two programs on a CPU. */
it('judges every repository of the bundled snapshot as a reader has approved', async () => {
  const out = join(dir, 'out');
  await build(buildOptions(['--out', out, '--workers', 'data/workers/rbee/*.json'], {}), () => new Date(0));
  const lines: string[] = [];
  for await (const { id, facts, verdicts } of (await openMatrix(out)).models()) {
    const shown = [...verdicts]
      .filter(([worker]) => worker.endsWith('-cpu'))
      .map(
        ([worker, verdict]) =>
          `${worker.slice(0, 3)} ${verdict.compatible ? verdict.confidence : verdict.reasonCodes.join('+')}`,
      );
    lines.push([id, facts.kind === 'unknown' ? 'unknown' : facts.kind.value, ...shown].join(' | '));
  }
  await expect(`${lines.sort().join('\n')}\n`).toMatchFileSnapshot('../data/snapshot/verdicts.golden.txt');
});
