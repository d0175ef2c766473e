/** Runs the actions of our workflows on this machine: a cache and an artifact are folders, a site is unpacked. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

export interface Machine {
  /** The workspace of the job. */
  readonly work: string;
  readonly caches: string;
  /** The folder for the artifacts of this run. */
  readonly artifacts: string;
  readonly site: string;
  /** The path of the bare repository. */
  readonly remote: string;
}

type Settings = Readonly<Record<string, string>>;
/** Runs an action, and returns its outputs, where it has any. */
type Action = (machine: Machine, settings: Settings) => Settings | undefined;

/** Name of an action, without the pin -> the function that runs it. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  'actions/checkout': ({ work, remote }) => {
    execFileSync('git', ['clone', '--quiet', '--depth=1', '--branch=main', `file://${remote}`, work]);
    return undefined;
  },
  'actions/setup-node': () => undefined,
  'actions/cache/restore': ({ caches, work }, { path = '', 'restore-keys': prefix = '' }) => {
    // Keys end in the number of the run.
    const newest = readdirSync(caches)
      .filter((name) => name.startsWith(prefix))
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))[0];
    if (newest === undefined) return undefined;
    copy(join(caches, newest), join(work, path));
    return { 'cache-matched-key': newest };
  },
  'actions/cache/save': ({ caches, work }, { path = '', key = '' }) => {
    if (existsSync(join(work, path))) copy(join(work, path), join(caches, key));
    return undefined;
  },
  'actions/upload-artifact': (
    { artifacts, work },
    { path = '', name = '', 'if-no-files-found': missing },
  ) => {
    const from = resolve(work, path);
    if (existsSync(from)) copy(from, join(artifacts, name, statSync(from).isFile() ? basename(from) : ''));
    else if (missing === 'error') throw new Error(`No file ${from} to upload as ${name}.`);
    return undefined;
  },
  'actions/download-artifact': ({ artifacts, work }, { path = '', name = '' }) => {
    copy(join(artifacts, name), join(work, path));
    return undefined;
  },
  'actions/deploy-pages': ({ artifacts, site }) => {
    rmSync(site, { recursive: true, force: true });
    mkdirSync(site, { recursive: true });
    execFileSync('tar', ['-xf', join(artifacts, 'github-pages/artifact.tar'), '-C', site]);
    return undefined;
  },
};

function copy(from: string, to: string): void {
  cpSync(from, to, { recursive: true, preserveTimestamps: true });
}
