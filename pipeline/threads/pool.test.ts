import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { startPool } from './pool.ts';

const dir = mkdtempSync(join(tmpdir(), 'pool-'));
afterAll(() => rmSync(dir, { recursive: true }));

const CODE = `
  import { readFileSync } from 'node:fs';
  export function createRunner(setup: { factor: number }, number: number) {
    let sum = 0;
    return (job: { kind: string; n?: number }) => {
      if (job.kind === 'sum') return { number, sum };
      if (job.kind === 'read') return readFileSync('/no/such/file');
      if (job.n === 13) throw new RangeError('unlucky');
      sum += (job.n ?? 0) * setup.factor;
      return job.n;
    };
  }
`;
const source = pathToFileURL(join(dir, 'jobs.ts'));
writeFileSync(source, CODE);

type Job = { kind: 'add'; n: number } | { kind: 'sum' } | { kind: 'read' };
interface Answers {
  add: number;
  sum: { number: number; sum: number };
  read: never;
}
const start = async (threads: number) =>
  startPool<{ factor: number }, Job, Answers>({
    threads,
    setup: { factor: 2 },
    module: await import(source.href),
    source,
    workDir: dir,
  });

describe.each([1, 3])('a pool of %d threads', (threads) => {
  it('does every job once, and asks each thread', async () => {
    const pool = await start(threads);
    const answers: number[] = [];
    for (let n = 20; n < 120; n += 1) {
      await pool.room();
      void pool.run({ kind: 'add', n }).then((answer) => answers.push(answer));
    }
    const sums = await pool.runOnEach({ kind: 'sum' });
    await pool.close();
    expect(sums.map(({ number }) => number)).toEqual([...Array(threads).keys()]);
    expect(sums.reduce((all, { sum }) => all + sum, 0)).toBe(2 * 6_950);
    expect(answers.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, at) => at + 20));
  });

  it('throws what the first job threw that failed, before it takes another', async () => {
    const pool = await start(threads);
    await pool.run({ kind: 'add', n: 13 }).catch(() => {});
    await expect(pool.room()).rejects.toThrow('unlucky');
    await expect(pool.runOnEach({ kind: 'sum' })).rejects.toThrow('unlucky');
    await pool.close();
  });

  it('tells what the file system refuses from a bug', async () => {
    const pool = await start(threads);
    await expect(pool.run({ kind: 'read' })).rejects.toThrow(/ENOENT/);
    await pool.close();
  });
});
