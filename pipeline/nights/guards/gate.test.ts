import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { build } from '../../build.ts';
import { buildOptions } from '../../commands/options.ts';
import { MiniHub, miniLlama } from '../../testing/mini-hub.ts';

const { dir } = vi.hoisted(() => ({ dir: `${process.env.TMPDIR ?? '/tmp'}/gate-${process.pid}` }));
vi.mock('../../lib/paths.ts', async (original) => ({
  ...(await original<typeof import('../../lib/paths.ts')>()),
  WORKERS_GLOB: `${dir}/workers/*.json`,
}));

let hub: MiniHub;
beforeAll(async () => {
  mkdirSync(join(dir, 'workers'), { recursive: true });
  hub = await MiniHub.start(Array.from({ length: 60 }, (_, n) => miniLlama(n)));
});
afterAll(() => {
  hub.stop();
  rmSync(dir, { recursive: true });
});

const [LLM, SD] = ['llm-worker-rbee.json', 'sd-worker-rbee.json'] as const;
const add = (file: string) =>
  copyFileSync(new URL(`../../../data/workers/rbee/${file}`, import.meta.url), join(dir, 'workers', file));
const remove = (file: string) => rmSync(join(dir, 'workers', file));

async function night(...flags: string[]) {
  const place = ['--out', join(dir, 'out'), '--cache', join(dir, 'cache')];
  const options = buildOptions(['--source', 'hub', ...place, ...flags], { HF_ENDPOINT: hub.endpoint });
  return build({ ...options, quotaShare: 1 }, () => new Date());
}

const accept = (...guards: string[]) => guards.flatMap((guard) => ['--accept', guard]);
const allowed = () => JSON.parse(readFileSync(join(dir, 'out/allowlist.json'), 'utf8')).length as number;

describe('a gate worker whose file comes or goes', () => {
  it('is compared with the night before, and stopped until that is accepted', async () => {
    add(LLM);
    add(SD);
    await night();
    remove(LLM);
    await expect(night()).rejects.toThrow(
      /allowlist-shrink: 60 of 60 models would leave.*\n.*llm-worker-rbee-cpu is not a gate worker any more/,
    );
    await expect(night(...accept('allowlist-shrink'))).rejects.toThrow(
      /architecture-lost: .*\n.*llama on llm-worker-rbee-cpu: 60 models last night, none now/,
    );
    expect(allowed()).toBe(60);
    await night(...accept('allowlist-shrink', 'architecture-lost'));
    expect(allowed()).toBe(0);
    add(LLM);
    await expect(night()).rejects.toThrow(
      /allowlist-growth: 60 models would join.*\n.*llm-worker-rbee-cpu was not a gate worker last night/,
    );
  });

  it('goes on with the history', async () => {
    const { history } = await night(...accept('allowlist-growth'));
    expect(history.at(-1)).toMatchObject({ allowed: 60 });
    remove(SD);
    const { last } = await night();
    expect(last).toMatchObject({ allowed: 60, report: { gate: 'own' } });
  });

  it('is not compared where the command line names the gate', async () => {
    const named = await night('--gate', 'llm-worker-rbee-cpu');
    expect(named.last).toBeUndefined();
    expect((await night('--gate', 'llm-worker-rbee-cpu')).last).toMatchObject({ allowed: 60 });
    expect((await night()).last).toBeUndefined();
  });
});
