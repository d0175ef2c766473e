import { describe, expect, it } from 'vitest';
import type { BuildResult } from '../../build.ts';
import { count, difference } from '../../lib/words.ts';
import { type Outcome, summarizeInMarkdown } from './index.ts';
import { modelLink, plain, sparkline } from './markup.ts';

const HOSTILE =
  '</td><script>x</script> [a](javascript:x) ![b](http://evil) | @team `c`\n::set-output name=x::y';

const row = (n: number, text: string) => ({
  id: `owner/model-${n}`,
  downloads: 9_000 - n,
  reasons: [text],
  reasonCodes: ['gone'],
});

/** Returns a night with `many` models that came, went and changed, all with this text about them. */
function night(many: number, text = 'The Hub no longer lists it.'): BuildResult {
  const rows = Array.from({ length: Math.min(50, many) }, (_, n) => row(n, text));
  const all = Array.from({ length: many }, (_, n) => row(n, text));
  const workers = ['w-cpu', 'w-cuda'];
  const records = {
    read: 1_234_567,
    rejected: { [text]: 2 },
    rejectedExamples: [],
    ignoredFields: {},
    doubles: 0,
    fields: { [text]: 9 },
  };
  const report = {
    records,
    models: 1_234_560,
    allowed: 100_000,
    kinds: {},
    workers: {},
    refusals: [{ worker: 'w-cpu', code: 'kind_unknown', models: 5, downloads: 6 }],
    unknownFacts: {},
  };
  const counts = { compatible: 100_000, unknown: 1 };
  const changed = { worker: 'w-cpu', from: 'low', to: 'high' } as const;
  return {
    report,
    changes: {
      first: false,
      added: all.map(({ id }) => ({ id, workers })),
      removed: all,
      changed: all.map(({ id }) => ({ id, ...changed })),
    },
    highlights: {
      added: rows.map(({ id, downloads }) => ({ id, downloads, workers })),
      removed: rows,
      changed: rows.map(({ id, downloads }) => ({ id, downloads, ...changed })),
    },
    unlocks: { 'w-cpu': [{ capability: text, models: 1, downloads: 2, examples: ['a/b'] }] },
    families: { workers, families: [] },
    history: [{ date: '2026-11-25', models: 5, allowed: 5, workers: { 'w-cpu': counts }, programs: {} }],
    last: {
      date: '2026-11-24T00:00:00Z',
      allowed: 100_010,
      bytes: 1,
      gate: workers,
      report: { ...report, allowed: 100_010 },
      families: { workers, families: [] },
    },
    gate: new Set(workers),
    files: [],
    damaged: [],
    matrix: undefined as never,
    dir: '',
    crawl: undefined,
    seconds: { crawl: 0, read: 61.25, write: 600 },
    written: { files: 3, bytes: 4_000 },
    kept: { files: 5, bytes: 6 },
  };
}

const published = (result: BuildResult): Outcome => ({ kind: 'published', night: result });
const firstLine = (text: string) => text.split('\n', 1)[0];

describe('the summary of a night', () => {
  it('says in its first line how the night ended', () => {
    expect(firstLine(summarizeInMarkdown(published(night(3))))).toBe(
      '## ✅ Published: 100,000 models on the allowlist (+3 −3)',
    );
    const trips = [{ guard: 'controls', problem: 'One fails.', details: ['a/b must be in'] }] as const;
    const guarded = summarizeInMarkdown({
      kind: 'guarded',
      night: night(3),
      trips,
      command: 'npm run x -- --y',
    });
    expect(firstLine(guarded)).toBe(
      '## ❌ Not published, the last out/ of 2026-11-24 stays: controls tripped',
    );
    expect(guarded).toContain('Run workflow, and in the field **accept**: `controls`');
    expect(guarded).toContain('```sh\nnpm run x -- --y\n```');
    const failed = summarizeInMarkdown({ kind: 'failed', message: 'The Hub answers 500.' });
    expect(firstLine(failed)).toBe('## ❌ Not published, the last out/ stays: The Hub answers 500.');
  });

  it('says when a listing is partial', () => {
    const crawl = {
      listing: 'partial',
      staleSince: '2026-11-20',
      problem: 'The Hub answers 503.',
      records: 1,
      pages: 1,
      shortPages: 0,
      droppedFields: [],
      details: {
        fetched: 1_000,
        gone: 0,
        refused: 0,
        doubted: 2,
        failed: 0,
        paused: 0,
        left: 0,
        examples: ['a/b: <b>said</b>'],
        problem: 'the Hub',
      },
      outdatedConfigs: 3,
      requests: { api: 1, resolvers: 2, pages: 3 },
    } as const;
    const text = summarizeInMarkdown(
      published({ ...night(1), crawl: crawl as unknown as BuildResult['crawl'] }),
    );
    expect(firstLine(text)).toMatch(/⚠️ Published, but the listing is partial since 2026-11-20/);
    expect(text).toContain('| requests | 1 api, 2 resolvers, 3 pages |');
    expect(text).toContain('| details | 1,000 fetched, 2 answered as gone or refused for the first time');
    expect(text).toContain(', 3 judged by the config.json of an earlier commit |');
    expect(text).toContain('|  | a/b&#58; &#60;b&#62;said&#60;/b&#62; |');
  });

  it('shows counts against last night, what was added, removed and changed, the trend, and where the rest is', () => {
    const text = summarizeInMarkdown(published(night(60)), 'https://host/o/r/actions/runs/1#artifacts');
    expect(text).toContain('| **allowlist** | 100,000 | 100,010 | −10 |');
    expect(text).toContain('### Removed, the 50 most downloaded of 60');
    expect(text).toContain('<summary>40 more</summary>');
    expect(text).toContain('w (cpu, cuda)'.replaceAll('(', '&#40;').replaceAll(')', '&#41;'));
    expect(text).toContain('[the files of this run](https://host/o/r/actions/runs/1#artifacts)');
    expect(text).toMatch(/read 61\.3 s, write 10 min/);
  });

  it('stays within 60 kB on a huge night of long texts', () => {
    const text = summarizeInMarkdown(published(night(5_000, '<'.repeat(5_000))));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_000);
    expect(firstLine(text)).toContain('Published');
    const absurd = summarizeInMarkdown({
      kind: 'guarded',
      night: night(5),
      trips: [],
      command: 'x\n'.repeat(90_000),
    });
    expect(Buffer.byteLength(absurd)).toBeLessThanOrEqual(60_000);
  });

  it('lets nothing that a stranger wrote be markup, a link, a mention or a command', () => {
    const text = summarizeInMarkdown(published(night(2, HOSTILE)));
    expect(text).not.toMatch(/<script|javascript:|http:\/\/evil|@team|^\s*::/m);
    expect(summarizeInMarkdown({ kind: 'failed', message: HOSTILE })).not.toMatch(
      /<script|\]\(|@team|^\s*::/m,
    );
  });
});

describe('markup', () => {
  it('shows strangers’ text as it is, in one line', () => {
    expect(plain('a\n|b|\u001b[31m')).toBe('a &#124;b&#124;\ufffd&#91;31m');
    expect(plain('x'.repeat(300))).toHaveLength(201);
    expect(plain('see www.evil.test')).not.toContain('www.');
  });

  it('links to repo ids only', () => {
    expect(modelLink('a/b')).toBe('[a/b](https://huggingface.co/a/b)');
    expect(modelLink('a/b](x) "')).toBe('a/b&#93;&#40;x&#41; &#34;');
  });

  it('counts and compares', () => {
    expect([count(1_234_567), count(999)]).toEqual(['1,234,567', '999']);
    expect([difference(5, 3), difference(3, 1_005), difference(3, 3), difference(3, undefined)]).toEqual([
      '+2',
      '−1,002',
      '',
      '',
    ]);
  });

  it('draws a small move small', () => {
    expect(sparkline([100, 100, 101])).toBe('▄▄▅');
    expect(sparkline([0, 50, 100])).toBe('▁▅█');
    expect([0, 317, 436, 527, 532, 725].map((value) => sparkline([value])).join('')).toBe('▅▅▅▅▅▅');
  });
});
