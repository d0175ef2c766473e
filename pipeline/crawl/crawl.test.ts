import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataError } from '../lib/errors.ts';
import { miniCrawl } from '../testing/mini-crawl.ts';
import { MiniHub, type MiniRecord, miniRecord } from '../testing/mini-hub.ts';

let dir: string;
let hub: MiniHub;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'crawl-'));
  hub = await MiniHub.start([]);
});
afterEach(() => {
  hub.stop();
  rmSync(dir, { recursive: true });
});

const crawl = (rest: Partial<Parameters<typeof miniCrawl>[0]> = {}) =>
  miniCrawl({ endpoint: hub.endpoint, cache: dir, ...rest });

const many = (count: number, rest = {}) => Array.from({ length: count }, (_, n) => miniRecord(n + 1, rest));
const ids = (records: readonly MiniRecord[]) => records.map(({ id }) => id);

/** Makes the Hub fail with 403 at the page after `cursor`, as one that refuses further requests does. */
function refuseAt(cursor: string): void {
  hub.intercept = (url, answer) => {
    if (url.searchParams.get('cursor') !== cursor) return false;
    answer(403, 'no');
    return true;
  };
}

/** Answers once, instead of the Hub, to the page after `cursor`. */
function disturbOnce(cursor: string, body: (page: MiniRecord[]) => unknown, keepLink: boolean): void {
  let times = 0;
  hub.intercept = (url, answer) => {
    if (url.searchParams.get('cursor') !== cursor || times > 0) return false;
    times += 1;
    const start = hub.records.findIndex(({ _id }) => _id === cursor) + 1;
    const page = hub.records.slice(start, start + 1_000);
    const next = new URL(url);
    next.searchParams.set('cursor', page.at(-1)?._id ?? '');
    const link = `<${next.href}>; rel="next"`;
    answer(200, JSON.stringify(body([...page])), keepLink ? { link } : {});
    return true;
  };
}

const at = (n: number) => miniRecord(n)._id;

describe('the walk', () => {
  it('asks for the fields that it needs, oldest first, and follows the links to the end', async () => {
    hub.records = many(2_500);
    const { records, report } = await crawl();
    expect(records).toEqual(hub.records);
    expect(report).toMatchObject({ listing: 'complete', records: 2_500, pages: 3, shortPages: 0 });
    const [first] = hub.asked;
    expect(first?.searchParams.get('sort')).toBe('createdAt');
    expect(first?.searchParams.get('direction')).toBe('1');
    expect(first?.searchParams.get('limit')).toBe('1000');
    expect(first?.searchParams.getAll('expand')).toEqual(
      expect.arrayContaining(['config', 'gguf', 'safetensors', 'siblings', 'sha']),
    );
  });

  it('goes by what it gets where the Hub gives the newest first', async () => {
    hub.records = many(2_500);
    hub.ignoresDirection = true;
    const { records } = await crawl();
    expect(ids(records)).toEqual(ids(hub.records).reverse());
  });

  it.each<[string, (page: MiniRecord[]) => unknown, boolean]>([
    ['has lost its link', (page) => page, false],
    ['is shorter than promised', (page) => page.slice(1), true],
    ['has a record twice', (page) => [...page, page[0]], true],
    ['repeats the page before', () => hub.records.slice(0, 1_000), true],
    ['is no list', () => ({ error: 'busy' }), true],
  ])('asks again for a page that %s', async (_, body, keepLink) => {
    hub.records = many(3_500);
    disturbOnce(at(1_000), body, keepLink);
    const { records } = await crawl();
    expect(ids(records)).toEqual(ids(hub.records));
  });

  it('believes no end that only its second look shows', async () => {
    hub.records = many(3_500);
    let times = 0;
    hub.intercept = (url, answer) => {
      if (url.searchParams.get('cursor') !== at(1_000) || times > 1) return false;
      times += 1;
      const page = hub.records.slice(1_000, 2_000);
      const next = new URL(url);
      next.searchParams.set('cursor', at(2_000));
      if (times === 1) answer(200, JSON.stringify(page.slice(5)), { link: `<${next.href}>; rel="next"` });
      else answer(200, JSON.stringify(page));
      return true;
    };
    expect(ids((await crawl()).records)).toEqual(ids(hub.records));
  });

  it('loses nothing behind a record whose _id is of the future', async () => {
    hub.records = many(2_500);
    const strange = { _id: 'f'.repeat(24), id: 'o/strange', sha: 'f'.repeat(40) };
    disturbOnce(at(1_000), (page) => [...page.slice(0, 400), strange, ...page.slice(401)], true);
    const found = ids((await crawl()).records);
    expect(found).toContain('o/strange');
    expect(found).toHaveLength(2_500);
  });

  it('gives a record once that is listed again, as it was listed last', async () => {
    hub.records = many(2_500);
    const renamed = { ...miniRecord(7), id: 'o/renamed' };
    disturbOnce(at(1_000), (page) => [...page.slice(0, -1), renamed, page.at(-1)].slice(1), true);
    const { records } = await crawl();
    expect(new Set(records.map(({ _id }) => _id)).size).toBe(records.length);
    expect(records.find(({ _id }) => _id === at(7))?.id).toBe('o/renamed');
  });

  it('leaves out a field that the Hub no longer knows', async () => {
    hub.records = many(3);
    hub.intercept = (url, answer) => {
      const known = ['config', 'disabled', 'gated', 'gguf', 'private', 'sha', 'siblings', 'tags'];
      if (url.searchParams.getAll('expand').every((name) => known.includes(name))) return false;
      answer(400, JSON.stringify({ error: `Invalid option: expected one of "${known.join('"|"')}"` }));
      return true;
    };
    const { records, report } = await crawl();
    expect(records).toHaveLength(3);
    expect(report.droppedFields).toContain('likes');
  });

  it('stops where the Hub no longer gives what every verdict needs', async () => {
    hub.intercept = (_, answer) => {
      answer(400, '{"error":"Invalid option: expected one of \\"tags\\""}');
      return true;
    };
    await expect(crawl()).rejects.toThrow('does not give config, disabled, gated');
  });

  it('keeps only the _id of a record that is nested too deep to be written again', async () => {
    hub.intercept = (_, answer) => {
      const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
      answer(200, `[{"_id": "${at(1)}", "id": "a/b", "cardData": ${deep}}, {"id": "c/d"}]`);
      return true;
    };
    expect((await crawl()).records).toEqual([{ _id: at(1) }, { id: 'c/d' }]);
  });

  it('ends at the limit, and goes on from there the next time', async () => {
    hub.records = many(2_500);
    expect((await crawl({ limit: 900 })).report).toMatchObject({ listing: 'limited', pages: 1 });
    hub.takeAsked();
    const { records } = await crawl();
    expect(records).toEqual(hub.records);
    expect(hub.takeAsked()[0]).toBe(`/api/models ${at(1_000)}`);
  });
});

describe('the checkpoint', () => {
  it('goes on after the last page that was read', async () => {
    hub.records = many(3_500);
    refuseAt(at(2_000));
    await expect(crawl()).rejects.toThrow('The Hub answers 403 to its listing: no');
    hub.takeAsked();
    hub.intercept = () => false;
    expect((await crawl()).records).toEqual(hub.records);
    expect(hub.takeAsked()[0]).toBe(`/api/models ${at(2_000)}`);
  });

  it('reads a page again whose file is damaged, and no other', async () => {
    hub.records = many(3_500);
    refuseAt(at(3_000));
    await expect(crawl()).rejects.toThrow(DataError);
    hub.intercept = () => false;
    hub.takeAsked();
    truncateSync(join(dir, hostFolder(), 'full-000001', '00002.jsonl.gz'), 100);
    expect((await crawl()).records).toEqual(hub.records);
    const last = `/api/models ${at(3_000)}`;
    expect(hub.takeAsked()).toEqual([`/api/models ${at(1_000)}`, last, last]);
  });

  it('forgets what came after half a line of its log', async () => {
    hub.records = many(2_500);
    refuseAt(at(2_000));
    await expect(crawl()).rejects.toThrow(DataError);
    hub.intercept = () => false;
    const log = join(dir, hostFolder(), 'full-000001', 'walk.jsonl');
    truncateSync(log, readFileSync(log).length - 20);
    hub.takeAsked();
    expect((await crawl()).records).toEqual(hub.records);
    expect(hub.takeAsked()[0]).toBe(`/api/models ${at(1_000)}`);
  });

  it('knows a walk for complete whose mark of the end was lost', async () => {
    hub.records = many(1_500);
    await crawl();
    rmSync(join(dir, hostFolder(), 'full-000001', 'end.jsonl'));
    refuseAt(at(1_000));
    const { records, report } = await crawl();
    expect(ids(records).sort()).toEqual(ids(hub.records).sort());
    expect(report.listing).toBe('partial');
  });

  it.each([
    ['is too old', { now: () => new Date(Date.now() + 25 * 3_600_000) }],
    ['is not wanted', { fresh: true }],
  ])('starts anew where the last walk %s', async (_, rest) => {
    hub.records = many(2_500);
    refuseAt(at(1_000));
    await expect(crawl()).rejects.toThrow(DataError);
    hub.intercept = () => false;
    hub.takeAsked();
    await crawl(rest);
    expect(hub.takeAsked()[0]).toBe('/api/models');
  });
});

describe('a night that the Hub does not let us finish', () => {
  it('takes what was not reached from the last complete walk, and says so', async () => {
    hub.records = many(2_500, { night: 1 });
    await crawl();
    hub.records = many(2_500, { night: 2 });
    refuseAt(at(1_000));
    const { records, report } = await crawl();
    expect(ids(records).sort()).toEqual(ids(hub.records).sort());
    const nights = new Map(records.map(({ id, night }) => [id, night]));
    expect([nights.get('o/m1000'), nights.get('o/m1001')]).toEqual([2, 1]);
    expect(report).toMatchObject({ listing: 'partial', problem: expect.stringContaining('403') });
    expect(report.staleSince).toMatch(/^20\d\d-/);
  });

  it('stops asking a Hub that only fails', async () => {
    hub.records = many(30, { detail: { sha: 'x' } });
    let failing = 0;
    hub.intercept = (url, answer) => {
      if (!url.pathname.includes('/revision/')) return false;
      failing += 1;
      answer(503, '', { 'retry-after': '0.001' });
      return true;
    };
    const { report } = await crawl({ wanted: { config: false, sizes: true } });
    expect(report.details.fetched).toBe(0);
    expect(report.details.failed + report.details.left).toBe(30);
    expect(failing).toBeLessThan(30 * 6);
  });
});

describe('details', () => {
  const config = '{"a": Infinity}';
  const everything = { config: true, sizes: true };
  const sized = (n: number, rest = {}) => {
    const record = miniRecord(n, { downloads: n, config, ...rest });
    const siblings = [{ rfilename: 'f', size: n, blobId: 'x' }];
    return { ...record, detail: { sha: record.sha, siblings } };
  };

  it('are config.json at the listed commit, through the redirect, and sizes', async () => {
    hub.records = [sized(1)];
    const { records } = await crawl({ wanted: everything });
    expect(records).toMatchObject([{ id: 'o/m1', configJson: config, siblings: [{ size: 1 }] }]);
    expect(hub.takeAsked()).toContain(`/o/m1/resolve/${miniRecord(1).sha}/config.json`);
  });

  it('are fetched once per commit, most downloaded first, within the budget', async () => {
    hub.records = Array.from({ length: 20 }, (_, n) => sized(n + 1));
    const first = await crawl({ wanted: everything, budget: 9 });
    const detailed = first.records.filter(({ configJson }) => configJson !== undefined);
    expect(ids(detailed)).toContain('o/m20');
    expect(ids(detailed)).not.toContain('o/m1');
    expect(first.report.details.left).toBe(20 - first.report.details.fetched);
    const all = hub.takeAsked();
    const second = await crawl({ wanted: everything });
    expect(second.records.every(({ configJson }) => configJson === config)).toBe(true);
    all.push(...hub.takeAsked());
    await crawl({ wanted: everything });
    expect(hub.takeAsked().filter((path) => !path.startsWith('/api/models '))).toEqual([
      '/api/models',
      '/api/models',
    ]);
    const files = all.filter((path) => path.includes('/resolve/'));
    expect(new Set(files).size).toBe(files.length);
  });

  it('say that config.json is the same where a new commit did not change it', async () => {
    hub.records = [sized(1)];
    await crawl({ wanted: everything });
    const changed = 'f'.repeat(40);
    hub.records = [{ ...sized(1), sha: changed, detail: { sha: changed, siblings: [] } }];
    const tags: unknown[] = [];
    hub.intercept = (url, answer, request) => {
      if (!url.pathname.includes('resolve-cache')) return false;
      tags.push(request.headers['if-none-match']);
      answer(304, '');
      return true;
    };
    const { records } = await crawl({ wanted: everything });
    expect(tags).toEqual([`"${miniRecord(1).sha}"`]);
    expect(records).toMatchObject([{ sha: changed, configJson: config }]);
  });

  /** Returns a time in the past: a walk begins by the Hub's clock, unless that is ahead of ours. */
  const nightAt = (day: number) => new Date(Date.now() - (30 - day) * 86_400_000);
  const crawlOn = (day: number, rest: Partial<Parameters<typeof miniCrawl>[0]> = {}) =>
    crawl({ wanted: everything, now: () => nightAt(day), ...rest });
  const blocked = '<html>Request blocked';
  /**
   * Options of a crawl without limits. The Hub of these tests sends no quota, and without a token that of
   * files is the larger.
   */
  const ofAll = { budget: 10_000, quotaShare: 1, wanted: { config: true, sizes: false } };

  it('withhold a repository that the Hub calls gone on two nights, though it lists it', async () => {
    hub.records = [sized(1), sized(2)];
    hub.intercept = (url, answer) => {
      if (!url.pathname.includes('/o/m2/')) return false;
      answer(401, '{"error":"Invalid username or password."}');
      return true;
    };
    const first = await crawlOn(1);
    expect(ids(first.records)).toEqual(['o/m1', 'o/m2']);
    expect(first.report.details).toMatchObject({ fetched: 1, gone: 0, doubted: 1 });
    expect(first.report.details.examples).toEqual([
      expect.stringContaining('o/m2: the Hub answers for the first time that it is gone'),
    ]);
    expect((await crawlOn(1)).report.details).toMatchObject({ gone: 0, doubted: 1 });
    const second = await crawlOn(2, { fresh: true });
    expect(ids(second.records)).toEqual(['o/m1']);
    expect(second.report.details).toMatchObject({ gone: 1, doubted: 0 });
    hub.intercept = () => false;
    expect(ids((await crawlOn(3, { fresh: true })).records)).toEqual(['o/m1', 'o/m2']);
  });

  it.each<[string, number, string, Record<string, string>]>([
    ['a 403 page of a firewall', 403, blocked, { 'content-type': 'text/html' }],
    ['a 401 page of a proxy', 401, blocked, { 'content-type': 'text/html' }],
    ['a 404 page of a CDN', 404, blocked, {}],
    ['a 451 of a country', 451, '', {}],
  ])('take %s for a failure of the night, not for a fact', async (_, status, body, headers) => {
    hub.records = [sized(1)];
    hub.intercept = ({ pathname }, answer) => {
      if (!pathname.endsWith('config.json')) return false;
      answer(status, body, headers);
      return true;
    };
    for (const day of [1, 2]) {
      const { records, report } = await crawlOn(day);
      expect(records).toMatchObject([{ id: 'o/m1', siblings: [{ size: 1 }] }]);
      expect(report.details).toMatchObject({ failed: 1, gone: 0, refused: 0 });
    }
    hub.intercept = () => false;
    expect((await crawlOn(9)).records).toMatchObject([{ configJson: config }]);
  });

  it('believe no refusal on a night when those that gave their details before are refused as well', async () => {
    hub.records = [sized(1), sized(2), sized(3)];
    await crawlOn(1);
    const sha = 'f'.repeat(40);
    hub.records = hub.records.map((record) => ({ ...record, sha, detail: { sha, siblings: [] } }));
    hub.intercept = ({ pathname }, answer) => {
      if (pathname === '/api/models') return false;
      answer(401, '{"error":"Invalid username or password."}');
      return true;
    };
    expect((await crawlOn(2, { fresh: true })).report.details).toMatchObject({ doubted: 3 });
    const { records, report } = await crawlOn(3, { fresh: true });
    expect(records).toHaveLength(3);
    expect(report.details).toMatchObject({
      gone: 0,
      failed: 3,
      problem: expect.stringContaining('and so are others that gave their details before'),
    });
  });

  it('believe no refusal of so many repositories that it is the Hub that refuses', async () => {
    hub.records = Array.from({ length: 60 }, (_, n) => sized(n + 1));
    hub.intercept = ({ pathname }, answer) => {
      if (!/\/o\/m\d*[13579]\//.test(pathname)) return false;
      answer(401, '{"error":"Invalid username or password."}');
      return true;
    };
    for (const day of [1, 2, 3]) {
      const { records, report } = await crawlOn(day, { ...ofAll, fresh: true });
      expect(records).toHaveLength(60);
      expect(report.details).toMatchObject({
        failed: 30,
        gone: 0,
        problem: expect.stringContaining('not believed'),
      });
    }
  });

  it('cost only itself where a popular repository always fails', async () => {
    hub.records = Array.from({ length: 160 }, (_, n) => sized(n + 1));
    let asked = 0;
    hub.intercept = ({ pathname }, answer) => {
      // The 60 most downloaded: more than make us suspect the Hub.
      if (!/\/o\/m(?:10[1-9]|1[1-6]\d)\//.test(pathname)) return false;
      asked += 1;
      answer(504, '');
      return true;
    };
    const { report } = await crawlOn(1, ofAll);
    expect(report.details).toMatchObject({ fetched: 100, failed: 60, left: 0 });
    expect(report.details.problem).toBeUndefined();
    const perNight: number[] = [];
    for (const day of [2, 3, 4, 5, 6, 7, 8, 9]) {
      asked = 0;
      await crawlOn(day, ofAll);
      perNight.push(asked / 60);
    }
    // Each asked on the second night, then after ever more days.
    expect(perNight.map((n) => Math.round(n))).toEqual([3, 0, 3, 0, 0, 0, 3, 0]);
  });

  it('are asked of no more repositories once 40 different ones failed in a row, from all over the list', async () => {
    hub.records = Array.from({ length: 300 }, (_, n) => sized(n + 1));
    hub.intercept = ({ pathname }, answer) => {
      if (pathname === '/api/models') return false;
      answer(503, '');
      return true;
    };
    const { report } = await crawlOn(1, ofAll);
    expect(report.details.failed).toBeLessThan(60);
    expect(report.details.failed + report.details.left).toBe(300);
    expect(report.details.problem).toContain('different repositories failed in a row');
    hub.intercept = () => false;
    expect((await crawlOn(1, ofAll)).report.details).toMatchObject({ fetched: 300, paused: 0 });
  });

  it('take a token that has run out for no word about a repository', async () => {
    hub.records = [sized(1)];
    hub.intercept = (url, answer) => {
      if (!url.pathname.includes('/o/m1/')) return false;
      answer(401, '{"error":"Invalid credentials"}');
      return true;
    };
    const { records, report } = await crawl({ wanted: everything, token: 'hf_old' });
    expect(ids(records)).toEqual(['o/m1']);
    expect(report.details).toMatchObject({ failed: 1, gone: 0 });
  });

  it('keep what is wrong with one repository from stopping another', async () => {
    hub.records = ['loop', 'huge', 'gated', 'elsewhere', 'fine'].map((name, n) => ({
      ...sized(n + 1),
      id: `o/${name}`,
    }));
    const wrong: Record<string, [number, string, Record<string, string>]> = {
      loop: [307, '', { location: `/o/loop/resolve/${miniRecord(1).sha}/config.json` }],
      huge: [200, ' '.repeat(6 * 1024 * 1024), {}],
      gated: [401, '', { 'x-error-code': 'GatedRepo' }],
      elsewhere: [302, '', { location: 'http://127.0.0.1:9/stolen', 'x-linked-etag': '"x"' }],
    };
    hub.intercept = ({ pathname }, answer) => {
      const found = wrong[pathname.split('/')[2] ?? ''];
      if (found === undefined || !pathname.endsWith('config.json')) return false;
      answer(...found);
      return true;
    };
    const { records } = await crawl({ wanted: everything });
    const gone = new Map(
      records.map(({ id, configJson, configProblem }) => [id, configJson ?? configProblem]),
    );
    expect(Object.fromEntries(gone)).toEqual({
      'o/loop': undefined,
      'o/huge': 'answers more than 5242880 bytes',
      'o/gated': undefined,
      'o/elsewhere': 'redirects to another host, which is not followed',
      'o/fine': config,
    });
  });

  const files = (...names: string[]) => names.map((rfilename) => ({ rfilename, size: 9 }));
  /** Returns a model at the commit of a day, whose config.json names the day. */
  const commitOf = (day: number, rest = {}): MiniRecord => {
    const sha = day.toString(16).padStart(40, '0');
    const siblings = files('config.json', 'model.safetensors');
    const record = { ...miniRecord(1), sha, siblings, config: JSON.stringify({ day }), ...rest };
    return { ...record, detail: { sha, siblings: record.siblings } };
  };
  const answerConfigs = (status: number, body: string, headers = {}) => {
    hub.intercept = ({ pathname }, answer) => {
      if (!pathname.endsWith('config.json')) return false;
      answer(status, body, headers);
      return true;
    };
  };

  it.each<[string, () => void, Partial<Parameters<typeof miniCrawl>[0]>]>([
    ['fails', () => answerConfigs(504, ''), {}],
    ['is refused by a firewall', () => answerConfigs(403, blocked), {}],
    ['is refused for the first time', () => answerConfigs(403, '{"error":"Access is restricted"}'), {}],
    ['is left for another night', () => {}, { budget: 0 }],
  ])(
    'of an earlier commit stand where config.json of the listed one %s, until it is read',
    async (_, disturb, rest) => {
      hub.records = [commitOf(1)];
      expect((await crawlOn(1)).report.outdatedConfigs).toBe(0);
      hub.records = [commitOf(2)];
      disturb();
      const second = await crawlOn(2, { fresh: true, ...rest });
      expect(second.records).toMatchObject([{ configJson: '{"day":1}', fetched: { config: false } }]);
      expect(second.report.outdatedConfigs).toBe(1);
      hub.records = [commitOf(3)];
      hub.intercept = () => false;
      const third = await crawlOn(3, { fresh: true });
      expect(third.records).toMatchObject([{ configJson: '{"day":3}', fetched: { config: true } }]);
      expect(third.report.outdatedConfigs).toBe(0);
    },
  );

  it.each<[string, Record<string, unknown>]>([
    ['is gated', { gated: 'manual' }],
    ['has no config.json', { siblings: files('model.safetensors') }],
    ['has no weights in safetensors', { siblings: files('config.json', 'model.gguf') }],
  ])('of an earlier commit do not stand for a repository that %s by now', async (_, changed) => {
    hub.records = [commitOf(1)];
    await crawlOn(1);
    hub.records = [commitOf(2, changed)];
    const { records, report } = await crawlOn(2, { fresh: true, wanted: { config: false, sizes: true } });
    expect(records[0]).not.toHaveProperty('configJson');
    expect(report.outdatedConfigs).toBe(0);
  });

  it('of an earlier commit stand no longer once a refusal is believed', async () => {
    hub.records = [commitOf(1), sized(2)];
    await crawlOn(1);
    hub.records = [commitOf(2), sized(2)];
    hub.intercept = ({ pathname }, answer) => {
      if (!pathname.startsWith('/o/m1/')) return false;
      answer(403, '{"error":"Access is restricted"}');
      return true;
    };
    await crawlOn(2, { fresh: true });
    const { records, report } = await crawlOn(3, { fresh: true });
    expect(report.details).toMatchObject({ refused: 1 });
    expect(records[0]).not.toHaveProperty('configJson');
  });

  it('outlast half a line of their journal', async () => {
    hub.records = [sized(1)];
    await crawl({ wanted: everything });
    const details = join(dir, hostFolder(), 'details');
    expect(readdirSync(details)).toEqual(['6666.jsonl.gz']);
    const kept = gunzipSync(readFileSync(join(details, '6666.jsonl.gz'))).toString();
    expect(JSON.parse(kept)).toMatchObject({ id: 'o/m1', detail: { configJson: config } });
  });
});

function hostFolder(): string {
  return new URL(hub.endpoint).host.replace(':', '_');
}
