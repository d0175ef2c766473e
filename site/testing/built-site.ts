/** Two nights with records that try to break the site, and the site built from the second, in two parts. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../../pipeline/build.ts';
import { buildOptions } from '../../pipeline/commands/options.ts';
import { findMatches } from '../../pipeline/lib/find-files.ts';
import { SNAPSHOT_GLOB } from '../../pipeline/lib/paths.ts';
import { EXTRA, llama } from './records.ts';

/** The number of models that get pictures: fewer than there are. */
export const PICTURES = '60';

/** The ids that are on the allowlist in the first night alone. */
const GONE = ['once/here', 'Left/Twin', 'left/twin'];

export interface BuiltSite {
  readonly out: string;
  readonly dist: string;
  /** The number of runs of Next: as many as there are parts. */
  readonly runsOfNext: number;
}

/** Builds a site. @throws Error with what the build said, where it fails. */
export async function buildSite(dir: string): Promise<BuiltSite> {
  const [out, dist, listing] = [join(dir, 'out'), join(dir, 'dist'), join(dir, 'listing')];
  const night = async (day: string, extra: readonly object[]) => {
    const lines = extra.map((record) => `${JSON.stringify(record)}\n`).join('');
    writeFileSync(join(listing, 'extra.jsonl'), lines);
    await build(buildOptions(['--source', `${listing}/*.jsonl`, '--out', out], {}), () => new Date(day));
  };
  mkdirSync(listing);
  for (const [at, path] of findMatches(SNAPSHOT_GLOB).entries())
    writeFileSync(join(listing, `${at}.jsonl`), readFileSync(path));
  await night('2026-03-01', [...EXTRA, ...GONE.map((id) => llama(id))]);
  await night('2026-03-02', EXTRA);
  return { out, dist, runsOfNext: runBuild(out, dist) };
}

function runBuild(out: string, dist: string): number {
  const script = fileURLToPath(new URL('../build.ts', import.meta.url));
  const args = [
    '--import',
    'tsx',
    script,
    '--out',
    out,
    '--dist',
    dist,
    '--models-a-part',
    '50',
    '--pictures',
    PICTURES,
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
  return stdout.split('Creating an optimized production build').length - 1;
}
