import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PARTITIONS } from '../lib/partitions.ts';
import { type JudgedHead, openJudged, publishJudged, writeJudged } from './judged.ts';

const dir = mkdtempSync(join(tmpdir(), 'judged-'));
afterAll(() => rmSync(dir, { recursive: true }));

describe('openJudged', () => {
  const [next, last] = [join(dir, 'judged.next'), join(dir, 'judged')];
  const partitions = [...Array(PARTITIONS).keys()].map((partition) => writeJudged(next, partition, []));
  const head: JudgedHead = {
    rules: 'rules',
    date: '2026-01-01T00:00:00.000Z',
    printKey: 'key',
    table: { verdicts: ['{"status":"compatible"}'], lists: [[0]], rows: [['key', 0, '{}']] },
    partitions,
    entries: 1,
    rest: [],
    tooLong: 0,
    walks: ['full-000001'],
  };
  publishJudged(next, last, head);
  const path = join(last, 'judged.json');
  const text = readFileSync(path, 'utf8');

  it('gives what was published, by the same rules alone', () => {
    expect(openJudged(last, 'rules')?.head).toEqual(head);
    expect(openJudged(last, 'others')).toBeUndefined();
  });

  it.each([
    ['a verdict that says another thing', text.replace('compatible', 'compatiblE')],
    ['fewer entries than there are', text.replace('"entries":1', '"entries":0')],
    ['a field of another type', text.replace('"rest":[]', '"rest":[null]')],
    ['half of it', text.slice(0, text.length / 2)],
    ['nothing', ''],
  ])('gives nothing where its head holds %s', (_, damaged) => {
    expect(damaged).not.toBe(text);
    writeFileSync(path, damaged);
    expect(openJudged(last, 'rules')).toBeUndefined();
  });
});
