/**
 * The crawl of the drill: a Hub on this machine whose models change from night to night, and caches in several states to
 * be disturbed.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type MiniHub, type MiniRecord, miniRecord } from '../../pipeline/testing/mini-hub.ts';
import { arm, disarm } from './hook.ts';
import { buildHere, countModels, freshPlace, type Scene, type Source } from './place.ts';

const MODELS = 2_100;
/** One in so many models runs on a worker, which only its config.json shows. */
const RUNNING = 31;
const NIGHT_MS = 8 * 3_600_000;
const started = Date.now();

/**
 * Returns the records of a night. Half of the models, more than a page, change in the second night, the others in the
 * third; some are added each night.
 */
function listing(night: number): MiniRecord[] {
  return Array.from({ length: MODELS + night * 5 }, (_, n) => {
    const changed = n >= MODELS ? Math.ceil((n - MODELS + 1) / 5) : n % 2 === 0 ? 2 : 3;
    return modelOf(n, changed <= night ? changed : 1);
  });
}

/** Returns the model as it was changed in that night. */
function modelOf(n: number, changed: number): MiniRecord {
  const runs = n % RUNNING === 0 || n >= MODELS;
  const model_type = runs ? 'llama' : 'bert';
  const files = runs ? ['config.json', 'tokenizer.json', 'model.safetensors'] : ['README.md'];
  // A new commit wants its details anew, and a night without them is one that guards may stop.
  const commit = n % 4 < 2 ? changed : 1;
  const config = {
    model_type,
    architectures: ['LlamaForCausalLM'],
    max_position_embeddings: 1_000 * commit,
  };
  return miniRecord(n + 1, {
    sha: (0x100_000 + n * 8 + commit).toString(16).padStart(40, '0'),
    lastModified: new Date(dateOf(changed).getTime() - NIGHT_MS / 4).toISOString(),
    gated: false,
    downloads: changed * 1_000 + ((n * 7_919) % 1_000),
    pipeline_tag: 'text-generation',
    config: JSON.stringify(config),
    ...(runs ? { safetensors: { parameters: { BF16: 7e9 }, total: 7e9 } } : {}),
    siblings: files.map((rfilename, at) => ({ rfilename, size: 1_000 + n + at })),
  });
}

/** Returns the date of a night, in the past: the Hub's clock, which is ours, is never before it. */
function dateOf(night: number): Date {
  return new Date(started - (4 - night) * NIGHT_MS);
}

const FLAGS = ['--source', 'hub', '--quota-share', '1', '--timeout', '5'] as const;

function sourceOf(hub: MiniHub): Source {
  return { flags: FLAGS, env: { HF_ENDPOINT: hub.endpoint } };
}

/** Makes the Hub refuse the third page, and so end every walk there. */
function refuse(hub: MiniHub): void {
  hub.intercept = ({ searchParams }, answer) => {
    if (searchParams.get('cursor') !== hub.records[1_999]?._id) return false;
    answer(403, 'no');
    return true;
  };
}

function answerAgain(hub: MiniHub): void {
  hub.intercept = () => false;
}

/** Runs a night in this process, at its own hour, so that it writes the same each time. */
async function crawlNight(hub: MiniHub, place: string, night: number): Promise<void> {
  hub.records = listing(night);
  await buildHere(place, sourceOf(hub), dateOf(night));
}

/** Returns the folder of this Hub in a cache. */
export function hubFolder(place: string): string {
  const cache = join(place, 'cache');
  return join(cache, readdirSync(cache).find((name) => name.startsWith('127.')) ?? '');
}

/** Builds the scene of a crawl, and leaves `hub` at the second night. */
export async function crawlScene(hub: MiniHub): Promise<Scene> {
  const before = freshPlace();
  await crawlNight(hub, before, 1);
  const calm = freshPlace(before);
  await crawlNight(hub, calm, 2);
  const models = { first: countModels(before), second: countModels(calm) };
  return { before, source: sourceOf(hub), struck: hubFolder(before).slice(before.length + 1), models };
}

/** The state of a cache after a disturbed night, and the way in which the next night goes on. */
export interface CacheState {
  readonly name: string;
  readonly place: string;
  readonly next: (place: string) => Promise<void>;
  /** True where a night may stop with a clear error, and leave the last out/. */
  readonly mayStop: boolean;
}

async function failing(night: Promise<void>): Promise<void> {
  const error = await night.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error === undefined) throw new Error('The drill wanted a night that fails.');
}

export async function cacheStates(hub: MiniHub, { before }: Scene): Promise<CacheState[]> {
  const everything = (place: string) => crawlNight(hub, place, 3);

  const details = freshPlace(before);
  arm({ fault: 'full', at: 40, under: join(hubFolder(details), 'details') });
  await failing(crawlNight(hub, details, 2)).finally(disarm);

  const walk = freshPlace(before);
  refuse(hub);
  await crawlNight(hub, walk, 2);
  const replaced = freshPlace(before);
  answerAgain(hub);

  return [
    { name: 'details stopped half way', place: details, next: everything, mayStop: false },
    {
      name: 'a walk stopped half way',
      place: walk,
      next: (place) => crawlNight(hub, place, 2),
      mayStop: false,
    },
    {
      name: 'an earlier walk that replaces what a failing Hub does not give',
      place: replaced,
      next: async (place) => {
        refuse(hub);
        await crawlNight(hub, place, 2).finally(() => answerAgain(hub));
      },
      mayStop: true,
    },
  ];
}
