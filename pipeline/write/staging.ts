/** Builds the next out/ beside the last one and puts it in its place at the end, whole or not at all. */
import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../format/files.ts';
import { lastOut, MANIFEST, previousOf } from '../format/out-folder.ts';
import { compareNames } from '../lib/compare.ts';
import { syncFile } from '../lib/durable.ts';
import { stableStringify } from '../lib/json.ts';
import { assertLocked, releaseLock, takeLock } from '../lib/lock.ts';
import { OUT_README } from '../lib/paths.ts';
import { folderSource } from '../read/folder.ts';
import type { MatrixSource } from '../read/source.ts';
import { type Amount, type FileEntry, FileWriter, type Put, readManifest } from './file-writer.ts';
import { findOutPlace, MARK, type OutPlace, README } from './out-place.ts';
import { isFinished, publishFiles } from './publish-files.ts';

export class Staging {
  readonly dir: string;
  /** The folder for files that only the build itself reads. It is removed before anything is published. */
  readonly workDir: string;
  /** The path of the out/ that this build follows, which may not exist. */
  readonly out: string;
  /** The manifest of that out/, when there is one that can be read. */
  readonly previous: Manifest | undefined;
  readonly files: FileWriter;
  written: Amount = { files: 0, bytes: 0 };
  kept: Amount = { files: 0, bytes: 0 };
  readonly #place: OutPlace;
  readonly #entries: FileEntry[] = [];

  /**
   * Checks that an out/ can be published there, and takes its lock.
   *
   * @throws UsageError when the folder is not ours; DataError when it may not be written, or another build is at work.
   */
  constructor(out: string, onWait?: (message: string) => void) {
    this.#place = findOutPlace(out);
    this.out = this.#place.out;
    this.dir = this.#place.next;
    this.workDir = join(this.dir, '.work');
    takeLock(this.#place.lock, onWait === undefined ? {} : { onWait });
    try {
      this.#recover();
      rmSync(this.dir, { recursive: true, force: true });
      mkdirSync(this.dir, { recursive: true });
      writeFileSync(join(this.dir, MARK), '');
    } catch (error) {
      releaseLock(this.#place.lock);
      throw error;
    }
    this.previous = readManifest(this.out);
    this.files = new FileWriter(this.dir, this.out);
  }

  /**
   * Completes an interrupted publish: a kill may have left the last out/ under its second name, or have stopped the move
   * of its files.
   */
  #recover(): void {
    const { inPlace } = this.#place;
    if (!inPlace) recoverOut(this.out);
    else if (isFinished(this.dir) && !existsSync(join(this.dir, MARK))) publishFiles(this.dir, this.out);
  }

  /** Adds the files of a writer to the manifest. */
  add({ entries, written, kept }: Put): void {
    for (const entry of entries) this.#entries.push(entry);
    this.written = sum(this.written, written);
    this.kept = sum(this.kept, kept);
  }

  /**
   * Returns the unfinished next out/ as a source, to read back its files before it is published. Its manifest is the one
   * that would be written now.
   */
  asSource(header: Omit<Manifest, 'files'>): MatrixSource {
    const folder = folderSource(this.dir);
    const manifest = manifestJson({ ...header, files: sorted(this.entries()) });
    return {
      ...folder,
      read: async (path) => (path === MANIFEST ? manifest : folder.read(path)),
      hasNewManifest: async () => false,
    };
  }

  /** Returns every file that was put so far. */
  entries(): readonly FileEntry[] {
    this.add(this.files.take());
    return this.#entries;
  }

  /** Writes the manifest last, then puts the new folder in the place of the old. */
  publish(header: Omit<Manifest, 'files'>): void {
    // From the project, never from the last out/: what lies there under this name may lead anywhere.
    if (lstatSync(join(this.out, README), { throwIfNoEntry: false }) !== undefined)
      this.files.put(README, readFileSync(OUT_README, 'utf8'));
    const files = sorted(this.entries());
    const path = join(this.dir, MANIFEST);
    rmSync(this.workDir, { recursive: true, force: true });
    writeFileSync(path, manifestJson({ ...header, files }));
    syncFile(path);
    assertLocked(this.#place.lock);
    // Not before: a folder with neither mark nor manifest would be a stranger's to the next build.
    rmSync(join(this.dir, MARK), { force: true });
    if (this.#place.inPlace || !this.#swap()) publishFiles(this.dir, this.out);
    releaseLock(this.#place.lock);
  }

  /** Replaces the folder by two renames; returns false where the system does not allow the last out/ to be renamed. */
  #swap(): boolean {
    const old = previousOf(this.out);
    rmSync(old, { recursive: true, force: true });
    try {
      if (existsSync(this.out)) renameSync(this.out, old);
    } catch (error) {
      if (NOT_RENAMED.has((error as NodeJS.ErrnoException).code ?? '')) return false;
      throw error;
    }
    renameSync(this.dir, this.out);
    rmSync(old, { recursive: true, force: true });
    return true;
  }

  discard(): void {
    rmSync(this.dir, { recursive: true, force: true });
    releaseLock(this.#place.lock);
  }
}

/**
 * The error codes of folders that cannot be renamed: a mount point that no list of mounts names, an open folder on
 * Windows, a parent that others own.
 */
const NOT_RENAMED = new Set(['EACCES', 'EBUSY', 'EPERM', 'EXDEV']);

function sorted(files: readonly FileEntry[]): FileEntry[] {
  return [...files].sort((a, b) => compareNames(a.path, b.path));
}

function sum(a: Amount, b: Amount): Amount {
  return { files: a.files + b.files, bytes: a.bytes + b.bytes };
}

/** Returns the manifest as JSON, with the files last and a line each, so that a reader finds the rest at the head. */
function manifestJson({ files, ...header }: Manifest): string {
  const lines = files.map((file) => stableStringify(file));
  return `${JSON.stringify(header, null, 1).slice(0, -2)},\n "files": [\n${lines.join(',\n')}\n]}\n`;
}

/** Gives the last out/ its own name back. This needs the lock, since another build may be between its two renames. */
function recoverOut(out: string): void {
  const last = lastOut(out);
  if (last !== out) renameSync(last, out);
}
