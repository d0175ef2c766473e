import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { miniCrawl } from '../testing/mini-crawl.ts';
import { MiniHub, type MiniRecord, miniRecord } from '../testing/mini-hub.ts';
import { addChecksum } from './cache/checked-line.ts';

const dir = mkdtempSync(join(tmpdir(), 'damage-'));
let hub: MiniHub;
let host: string;
beforeAll(async () => {
  hub = await MiniHub.start([]);
  host = new URL(hub.endpoint).host.replace(':', '_');
});
afterAll(() => {
  hub.stop();
  rmSync(dir, { recursive: true });
});

/** Returns the records of a night, each of which names the night. */
function listing(night: number): MiniRecord[] {
  return Array.from({ length: 3_400 }, (_, n) =>
    miniRecord(n + 1, { night, config: '{"model_type":"llama"}' }),
  );
}

function crawlNight(place: string, night: number, rest: Partial<Parameters<typeof miniCrawl>[0]> = {}) {
  hub.records = listing(night);
  return miniCrawl({ endpoint: hub.endpoint, cache: join(dir, place), ...rest });
}

const byId = (a: MiniRecord, b: MiniRecord) => (a.id < b.id ? -1 : 1);
const plain = (records: readonly MiniRecord[]) =>
  records.map(({ id, night }) => ({ id, night }) as unknown as MiniRecord).sort(byId);

type Damage = (content: Buffer) => Buffer;
const cut: Damage = (content) => content.subarray(0, content.length / 2);
const flip: Damage = (content) => {
  const damaged = Buffer.from(content);
  damaged[content.length >> 1] = (content[content.length >> 1] ?? 0) ^ 1;
  return damaged;
};
const loseLine =
  (line: number): Damage =>
  (content) =>
    Buffer.from(content.toString('latin1').split('\n').toSpliced(line, 1).join('\n'), 'latin1');
const replace =
  (from: string, to: string): Damage =>
  (content) =>
    Buffer.from(content.toString('latin1').replace(from, to), 'latin1');

function damage(place: string, path: string, how: Damage): void {
  const file = join(dir, place, host, path);
  const [before, after] = [readFileSync(file), how(readFileSync(file))];
  expect(after.equals(before)).toBe(false);
  writeFileSync(file, after);
}

const REFUSED = (_: URL, answer: (status: number, body: string) => void) => {
  answer(403, 'no');
  return true;
};

describe('a damaged cache of a complete walk and one that was stopped', () => {
  beforeAll(async () => {
    await crawlNight('good', 1);
    hub.intercept = (url, answer) =>
      url.searchParams.get('cursor') === miniRecord(2_000)._id ? REFUSED(url, answer) : false;
    await crawlNight('good', 2);
    hub.intercept = () => false;
    expect(readdirSync(join(dir, 'good', host)).sort()).toEqual(['details', 'full-000001', 'full-000002']);
  });

  it.each<[string, string, Damage]>([
    ['a page of the stopped walk is cut', 'full-000002/00002.jsonl.gz', cut],
    ['a bit of a page has flipped', 'full-000002/00001.jsonl.gz', flip],
    ['the log is cut', 'full-000002/walk.jsonl', cut],
    ['the log has lost its head', 'full-000002/walk.jsonl', loseLine(0)],
    ['the log has lost a page', 'full-000002/walk.jsonl', loseLine(1)],
    ['the log has another date', 'full-000002/walk.jsonl', replace('"startedAt":"20', '"startedAt":"21')],
    ['a page of the complete walk is cut', 'full-000001/00002.jsonl.gz', cut],
    ['the log of the complete walk is cut', 'full-000001/walk.jsonl', cut],
    ['the mark of the end is empty', 'full-000001/end.jsonl', () => Buffer.alloc(0)],
  ])('gives what the Hub lists where %s', async (name, path, how) => {
    const place = name.replaceAll(' ', '-');
    cpSync(join(dir, 'good'), join(dir, place), { recursive: true });
    damage(place, path, how);
    const { records } = await crawlNight(place, 2);
    expect(plain(records)).toEqual(plain(listing(2)));
  });

  it('stops where the page is needed and the Hub does not give it again', async () => {
    cpSync(join(dir, 'good'), join(dir, 'refused'), { recursive: true });
    damage('refused', 'full-000001/00003.jsonl.gz', flip);
    hub.intercept = REFUSED;
    await expect(crawlNight('refused', 2)).rejects.toThrow(
      /00003\.jsonl\.gz, a page of the listing, is damaged/,
    );
    hub.intercept = () => false;
  });
});

describe('damaged details', () => {
  const config = '{"model_type":"llama"}';
  const wanted = { wanted: { config: true, sizes: false }, budget: 5 };
  const details = (place: string) => join(dir, place, host, 'details');
  const configs = (records: readonly MiniRecord[]) =>
    records.flatMap(({ configJson }) => configJson ?? []) as string[];

  it('lose the line of a journal that is not what was written, and no other', async () => {
    await crawlNight('journal', 1, wanted);
    const [file = ''] = readdirSync(details('journal'));
    const lines = gunzipSync(readFileSync(join(details('journal'), file)))
      .toString()
      .trim()
      .split('\n');
    rmSync(join(details('journal'), file));
    const journal = lines.map(addChecksum).join('').replace('llama', 'llamb');
    writeFileSync(join(details('journal'), 'journal.jsonl'), journal);
    const { records } = await crawlNight('journal', 1, { ...wanted, budget: 0, fresh: true });
    expect(configs(records)).toEqual(new Array(4).fill(config));
  });

  it('are asked for again once, behind bytes that are none, and missed by no night of a Hub that fails', async () => {
    await crawlNight('zeros', 1, wanted);
    const [file = ''] = readdirSync(details('zeros'));
    damage('zeros', `details/${file}`, (content) => Buffer.concat([content, Buffer.alloc(512)]));
    hub.intercept = (_, answer) => {
      answer(403, 'no');
      return true;
    };
    for (let night = 0; night < 2; night += 1)
      await expect(crawlNight('zeros', 1, { ...wanted, fresh: true })).rejects.toThrow(
        /6666\.jsonl\.gz\.damaged holds details that cannot be asked for again while the Hub fails/,
      );
    hub.intercept = () => false;
    for (let night = 0; night < 2; night += 1) await crawlNight('zeros', 1, { ...wanted, fresh: true });
    const { records } = await crawlNight('zeros', 1, { ...wanted, budget: 0, fresh: true });
    expect(readdirSync(details('zeros'))).toEqual([file]);
    expect(configs(records)).toEqual(new Array(10).fill(config));
  });
});
