import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { PARTITIONS, PartitionWriter, partitionOf, readPartition } from './partitions.ts';

const dir = mkdtempSync(join(tmpdir(), 'partitions-'));
afterAll(() => rmSync(dir, { recursive: true }));

it('gives back the lines of all writers, each in its partition, also lines longer than a block', () => {
  const long = `${'x'.repeat(200_000)}\n`;
  for (const writer of [0, 1]) {
    const lines = new PartitionWriter(join(dir, 'lines'), writer);
    for (let n = 0; n < 20_000; n += 1) lines.add(n % PARTITIONS, `${writer} ${n}\n`);
    lines.add(5, long);
    lines.flush();
  }
  const read = [...Array(PARTITIONS).keys()].map((at) => readPartition(join(dir, 'lines'), at));
  expect(read.reduce((all, { length }) => all + length, 0)).toBe(40_002);
  for (const [at, lines] of read.entries())
    for (const line of lines.filter((text) => text.length < 100))
      expect(Number(line.split(' ')[1]) % PARTITIONS).toBe(at);
  expect(read[5]?.filter((line) => line.length > 100)).toEqual([long.trim(), long.trim()]);
});

it('has nothing where nobody wrote, and puts every prefix into one of its partitions', () => {
  expect(readPartition(join(dir, 'none'), 0)).toEqual([]);
  expect([partitionOf(0), partitionOf(65_535)]).toEqual([0, PARTITIONS - 1]);
});
