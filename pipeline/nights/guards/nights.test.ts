import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../../build.ts';
import { buildOptions } from '../../commands/options.ts';
import { MiniHub, miniLlama } from '../../testing/mini-hub.ts';
import { GuardError } from './index.ts';

const dir = mkdtempSync(join(tmpdir(), 'guards-'));
let hub: MiniHub;
beforeAll(async () => {
  hub = await MiniHub.start([]);
});
afterAll(() => {
  hub.stop();
  rmSync(dir, { recursive: true });
});

const model = (n: number) => miniLlama(n, { downloads: 1_000 - n });
const models = (count: number) => Array.from({ length: count }, (_, n) => model(n));

async function night(place: string, count: number, ...flags: string[]) {
  hub.records = models(count);
  mkdirSync(join(dir, place), { recursive: true });
  const out = join(dir, place, 'out');
  const args = ['--source', 'hub', '--out', out, '--cache', join(dir, place, 'cache'), '--fresh', ...flags];
  const options = buildOptions(args, { HF_ENDPOINT: hub.endpoint });
  return build({ ...options, quotaShare: 1 }, () => new Date());
}

const read = (place: string, path: string) => readFileSync(join(dir, place, 'out', path), 'utf8');

describe('a night over the Hub', () => {
  it('that loses a tenth of the allowlist leaves the last out/ alone, until that is accepted', async () => {
    await night('shrink', 60);
    const before = read('shrink', 'manifest.json');
    const error = await night('shrink', 30).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GuardError);
    expect((error as Error).message).toMatch(/30 of 60 models would leave the allowlist \(50\.0 %\)/);
    expect((error as Error).message).toMatch(/o\/m30 \(970 downloads\): gone/);
    expect((error as Error).message).toMatch(/--fresh --accept allowlist-shrink$/);
    expect(read('shrink', 'manifest.json')).toBe(before);
    await night('shrink', 30, '--accept', 'allowlist-shrink');
    expect(JSON.parse(read('shrink', 'allowlist.json'))).toHaveLength(30);
  });

  it('does not take a damaged out/ for a first night', async () => {
    await night('damaged', 3);
    writeFileSync(join(dir, 'damaged/out/allowlist.json'), '[]\n');
    await expect(night('damaged', 3)).rejects.toThrow(
      /damaged-out: 1 file .*\n.*allowlist\.json differs from what/,
    );
    writeFileSync(join(dir, 'damaged/out/manifest.json'), '{"schemaVersion');
    await expect(night('damaged', 3)).rejects.toThrow(/manifest\.json differs from what/);
    const { changes } = await night('damaged', 3, '--accept', 'damaged-out');
    expect(changes.first).toBe(true);
  });
});
