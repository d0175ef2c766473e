/** Puts a finished out/ in the place of the last one file by file, where the folder itself cannot be renamed. */
import { copyFileSync, existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MANIFEST } from '../format/out-folder.ts';
import { syncFile, syncFolder } from '../lib/durable.ts';
import { isPlainFile, isPlainFolder } from '../lib/plain-file.ts';
import { readManifest } from './file-writer.ts';
import { README } from './out-place.ts';

/** The name of the replaced manifest, which is kept until the files that only it names are removed. */
const LAST_MANIFEST = '.last-manifest.json';

/**
 * Moves every file from `next` to `out`, the manifest last, then removes the files that only the last manifest names.
 * When it was stopped half way, another call completes it.
 */
export function publishFiles(next: string, out: string): void {
  const kept = join(next, LAST_MANIFEST);
  if (!existsSync(kept) && isPlainFile(out, MANIFEST)) moveFile(join(out, MANIFEST), kept, copyFileSync);
  const files = readdirSync(next, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name).slice(next.length + 1));
  for (const path of paths) if (path !== MANIFEST && path !== LAST_MANIFEST) move(next, out, path);
  if (paths.includes(MANIFEST)) move(next, out, MANIFEST);
  syncFolder(out);
  removeStale(out, kept);
  rmSync(next, { recursive: true, force: true });
}

/** Tells whether `next` is finished, and only its files were not all moved. */
export function isFinished(next: string): boolean {
  return existsSync(join(next, MANIFEST)) || existsSync(join(next, LAST_MANIFEST));
}

function move(next: string, out: string, path: string): void {
  makePlainFolder(out, dirname(path));
  moveFile(join(next, path), join(out, path), renameSync);
}

/** Creates a folder below `out`. A link in its place is removed, so that nothing is written through it. */
function makePlainFolder(out: string, path: string): void {
  if (path === '.') return;
  makePlainFolder(out, dirname(path));
  const found = lstatSync(join(out, path), { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  rmSync(join(out, path), { force: true });
  mkdirSync(join(out, path));
}

/** Moves a file; from another disk it is first copied beside its place. */
function moveFile(from: string, to: string, by: (from: string, to: string) => void): void {
  try {
    by(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    rmSync(`${to}.unfinished`, { force: true });
    copyFileSync(from, `${to}.unfinished`);
    syncFile(`${to}.unfinished`);
    renameSync(`${to}.unfinished`, to);
  }
}

/** Removes the files that only the last manifest names. Files that no manifest of ours ever named are left alone. */
function removeStale(out: string, lastManifest: string): void {
  const last = readManifest(dirname(lastManifest), LAST_MANIFEST);
  const named = new Set(readManifest(out)?.files.map(({ path }) => path));
  for (const { path } of last?.files ?? [])
    if (!named.has(path) && path !== README && isPlainFolder(out, dirname(path)))
      rmSync(join(out, path), { force: true });
}
