/**
 * Runs a night of 5,000 records on a bad line: the details of 2 % of the repositories always fail, those of 1 % are
 * refused once (half of them by a page of a firewall, half by an error as the Hub's own), and the proxy drops every 50th
 * connection.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LoggedRequest, type StandInHub, startStandInHub } from '../stand-in-hub.ts';
import { writeListing } from './listing.ts';
import { type OwnAnswer, type RunningProxy, startProxy } from './proxy.ts';
import type { Row } from './row.ts';
import { build, contents, freshPlace, summariesOf } from './run.ts';

const RECORDS = 5_000;
const DROP_EVERY = 50;
/** The number of repositories that are gone: the one of the listing, which is reported every night. */
const GONE = 1;
const CONFIG = /\/resolve\/([0-9a-f]{40})\/config\.json/;
const DETAIL = /\/(?:revision|resolve|resolve-cache\/models\/[^/]+\/[^/]+)\/([0-9a-f]{40})(?:[/?]|$)/;

type Fate = 'fails' | 'firewall' | 'refused';

const ANSWERS: Readonly<Record<Fate, OwnAnswer>> = {
  fails: { status: 504, type: 'text/plain', body: '' },
  firewall: { status: 403, type: 'text/html', body: '<html>Request blocked' },
  refused: { status: 403, type: 'application/json', body: '{"error":"Access is restricted"}' },
};

/**
 * Returns commit -> fate. Of the commits that an undisturbed night asks for, every 50th fails; one for every hundred is
 * refused config.json.
 */
function chooseFates(log: readonly LoggedRequest[]): ReadonlyMap<string, Fate> {
  const askedFor = (pattern: RegExp) =>
    [...new Set(log.flatMap(({ target }) => pattern.exec(target)?.[1] ?? []))].sort();
  const all = askedFor(DETAIL);
  const fates = new Map<string, Fate>(all.filter((_, at) => at % 50 === 0).map((sha) => [sha, 'fails']));
  const refused = askedFor(CONFIG)
    .filter((sha) => !fates.has(sha))
    .slice(0, Math.round(all.length / 100));
  for (const [at, sha] of refused.entries()) fates.set(sha, at % 2 === 0 ? 'firewall' : 'refused');
  return fates;
}

/** Returns the answers of the proxy in the Hub's place; it refuses only once. */
function makeAnswers(fates: ReadonlyMap<string, Fate>): (url: URL) => OwnAnswer | undefined {
  const refused = new Set<string>();
  return ({ pathname }) => {
    const sha = DETAIL.exec(pathname)?.[1] ?? '';
    const fate = fates.get(sha);
    if (fate === undefined) return undefined;
    if (fate === 'fails') return ANSWERS.fails;
    if (!pathname.endsWith('/config.json') || refused.has(sha)) return undefined;
    refused.add(sha);
    return ANSWERS[fate];
  };
}

const allowlistOf = (place: string) => readFileSync(join(place, 'out', 'allowlist.json'), 'utf8');

/** Runs two nights on that line, and a third on a good one, which must publish the same as an undisturbed night. */
export async function badWorld(work: string): Promise<Row[]> {
  const hub = await startStandInHub(writeListing(work, 'bad-world', 0, RECORDS));
  try {
    const calm = freshPlace(work, 'calm-world');
    await build(hub.endpoint, calm);
    const fates = chooseFates(await hub.log());
    return await nightsOn({ hub, calm, place: freshPlace(work, 'bad-world'), fates });
  } finally {
    await hub.stop();
  }
}

interface BadWorld {
  readonly hub: StandInHub;
  readonly calm: string;
  readonly place: string;
  readonly fates: ReadonlyMap<string, Fate>;
}

async function nightsOn(world: BadWorld): Promise<Row[]> {
  const { hub, calm, place, fates } = world;
  const counts = (fate: Fate) => [...fates.values()].filter((found) => found === fate).length;
  const [fails, refused] = [counts('fails'), counts('refused')];
  const doubts = (n: number) => `${n} answered as gone or refused for the first time`;
  const proxy = await startProxy({ dropEvery: DROP_EVERY, answer: makeAnswers(fates) });
  try {
    const first = await badNight(world, proxy, `${fails} failed, ${doubts(refused + GONE)}`);
    const second = await badNight(world, proxy, `${fails} failed, ${doubts(GONE)}`);
    const started = Date.now();
    const { code } = await build(hub.endpoint, place);
    const same = code === 0 && contents(place) === contents(calm);
    const outcome = same ? 'same as undisturbed' : `DIFFERENT, exit ${code}`;
    return [
      ['a bad line, first night', ...first],
      ['a bad line, second night', ...second],
      ['third night, a good line', outcome, '', (Date.now() - started) / 1000],
    ];
  } finally {
    proxy.stop();
  }
}

type Outcome = readonly [outcome: string, requests: number, seconds: number];

async function badNight(
  { hub, calm, place }: BadWorld,
  proxy: RunningProxy,
  expected: string,
): Promise<Outcome> {
  await hub.reset([]);
  const [started, droppedBefore] = [Date.now(), proxy.dropped()];
  const env = { HTTP_PROXY: proxy.address, http_proxy: proxy.address, NO_PROXY: '', no_proxy: '' };
  const { code } = await build(hub.endpoint, place, { env });
  const details = summariesOf(place, 'details').at(-1) ?? '';
  const isSame = allowlistOf(place) === allowlistOf(calm);
  const dropped = proxy.dropped() - droppedBefore;
  const right = code === 0 && isSame && details.includes(expected) && dropped > 0;
  const said = `exit ${code}, ${isSame ? 'the' : 'not the'} allowlist of an undisturbed night, ${dropped} dropped; ${details}`;
  return [
    right ? said : `WRONG: ${said}; expected ${expected}`,
    (await hub.log()).length,
    (Date.now() - started) / 1000,
  ];
}
