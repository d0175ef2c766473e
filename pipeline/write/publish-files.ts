/** Puts a finished out/ in the place of the last file by file, where the folder itself cannot be renamed. */
import { copyFileSync, existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MANIFEST } from '../format/out-folder.ts';
import { syncFile, syncFolder } from '../lib/durable.ts';
import { isPlainFile, isPlainFolder } from '../lib/plain-file.ts';
import { readManifest } from './file-writer.ts';
import { README } from './out-place.ts';

/** The manifest that is replaced, kept until the files are gone that only it names. */
const LAST_MANIFEST = '.last-manifest.json';

/**
 * Moves every file from `next` to `out`, the manifest last, then removes the files that only the last manifest names.
 * Stopped half way, the same call again goes on.
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

/** Whether `next` is finished, and only its files were not all moved. */
export function isFinished(next: string): boolean {
  return existsSync(join(next, MANIFEST)) || existsSync(join(next, LAST_MANIFEST));
}

function move(next: string, out: string, path: string): void {
  makePlainFolder(out, dirname(path));
  moveFile(join(next, path), join(out, path), renameSync);
}

/** Makes a folder below `out`; a link that lies in its place is removed, so that nothing is written through it. */
function makePlainFolder(out: string, path: string): void {
  if (path === '.') return;
  makePlainFolder(out, dirname(path));
  const found = lstatSync(join(out, path), { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  rmSync(join(out, path), { force: true });
  mkdirSync(join(out, path));
}

/** On another disk it is copied beside its place first. */
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

/** What no manifest of ours ever named is left alone. */
function removeStale(out: string, lastManifest: string): void {
  const last = readManifest(dirname(lastManifest), LAST_MANIFEST);
  const named = new Set(readManifest(out)?.files.map(({ path }) => path));
  for (const { path } of last?.files ?? [])
    if (!named.has(path) && path !== README && isPlainFolder(out, dirname(path)))
      rmSync(join(out, path), { force: true });
}
