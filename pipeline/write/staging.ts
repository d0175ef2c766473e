/** The next out/, built beside the last one and put in its place at the end, whole or not at all. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { lastOut, MANIFEST, previousOf } from '../format/out-folder.ts';
import type { Manifest } from '../format/schema.ts';
import { compareNames } from '../lib/compare.ts';
import { syncPath } from '../lib/durable.ts';
import { UsageError } from '../lib/errors.ts';
import { stableStringify } from '../lib/json.ts';
import { releaseLock, takeLock } from '../lib/lock.ts';
import { folderSource } from '../read/folder.ts';
import type { MatrixSource } from '../read/source.ts';
import { type Amount, type FileEntry, FileWriter, type Put, readManifest } from './file-writer.ts';

const README = 'README.md';
/** Says that an unfinished folder is one of ours. */
const MARK = '.unfinished';

export class Staging {
  readonly dir: string;
  /** For what only the build itself reads; gone before anything is published. */
  readonly workDir: string;
  /** The out/ that this build follows, or where it will be. */
  readonly out: string;
  /** The manifest of that out/, when there is one that can be read. */
  readonly previous: Manifest | undefined;
  readonly files: FileWriter;
  written: Amount = { files: 0, bytes: 0 };
  kept: Amount = { files: 0, bytes: 0 };
  readonly #lock: string;
  readonly #entries: FileEntry[] = [];

  constructor(out: string) {
    this.out = existsSync(out) ? realpathSync(out) : resolve(out);
    this.dir = `${this.out}.next`;
    this.workDir = join(this.dir, '.work');
    this.#lock = `${this.out}.lock`;
    refuseForeign(this.out);
    mkdirSync(dirname(this.out), { recursive: true });
    takeLock(this.#lock);
    recoverOut(this.out);
    rmSync(this.dir, { recursive: true, force: true });
    mkdirSync(this.dir, { recursive: true });
    writeFileSync(join(this.dir, MARK), '');
    this.previous = readManifest(this.out);
    this.files = new FileWriter(this.dir, this.out);
  }

  /** Takes what a writer has put into the manifest. */
  add({ entries, written, kept }: Put): void {
    for (const entry of entries) this.#entries.push(entry);
    this.written = sum(this.written, written);
    this.kept = sum(this.kept, kept);
  }

  /**
   * The next out/ as it stands, for reading back what was written before it is published: a source whose manifest is the
   * one that would be written now.
   */
  asSource(header: Omit<Manifest, 'files'>): MatrixSource {
    const folder = folderSource(this.dir);
    const manifest = manifestJson({ ...header, files: sorted(this.entries()) });
    return {
      ...folder,
      read: async (path) => (path === MANIFEST ? manifest : folder.read(path)),
      readHead: async (path, bytes) => (path === MANIFEST ? manifest : folder.readHead(path, bytes)),
    };
  }

  /** Every file that was put so far. */
  entries(): readonly FileEntry[] {
    this.add(this.files.take());
    return this.#entries;
  }

  /** Writes the manifest last, then puts the new folder in the place of the old. */
  publish(header: Omit<Manifest, 'files'>): void {
    const readme = join(this.out, README);
    if (existsSync(readme)) this.files.put(README, readFileSync(readme, 'utf8'));
    const files = sorted(this.entries());
    const path = join(this.dir, MANIFEST);
    rmSync(this.workDir, { recursive: true, force: true });
    writeFileSync(path, manifestJson({ ...header, files }));
    syncPath(path);
    // Not before: a folder with neither mark nor manifest would be a stranger's to the next build.
    rmSync(join(this.dir, MARK), { force: true });
    const old = previousOf(this.out);
    rmSync(old, { recursive: true, force: true });
    if (existsSync(this.out)) renameSync(this.out, old);
    renameSync(this.dir, this.out);
    rmSync(old, { recursive: true, force: true });
    releaseLock(this.#lock);
  }

  discard(): void {
    rmSync(this.dir, { recursive: true, force: true });
    releaseLock(this.#lock);
  }
}

/**
 * Only a folder that is ours is ever replaced: an out/ with its manifest, an empty one, or one with nothing but the
 * page that the project tracks. The same goes for the two folders beside it.
 *
 * @throws UsageError naming the folder and what is in it.
 */
function refuseForeign(out: string): void {
  const here = resolve('.');
  if (here === out || here.startsWith(`${out}/`))
    throw new UsageError(`--out ${out} holds the folder this runs in; name one of its own.`);
  for (const dir of [out, `${out}.next`, `${out}.previous`]) {
    if (!existsSync(dir)) continue;
    if (!statSync(dir).isDirectory()) throw new UsageError(`--out ${dir} is a file; name a folder.`);
    const names = readdirSync(dir).filter((name) => name !== README);
    if (names.length > 0 && !names.includes(MANIFEST) && !names.includes(MARK)) {
      throw new UsageError(
        `${dir} holds ${names[0]} and no ${MANIFEST}: it is not an out/ of ours, and stays as it is. Name another --out.`,
      );
    }
  }
}

function sorted(files: readonly FileEntry[]): FileEntry[] {
  return [...files].sort((a, b) => compareNames(a.path, b.path));
}

function sum(a: Amount, b: Amount): Amount {
  return { files: a.files + b.files, bytes: a.bytes + b.bytes };
}

/** The files last and a line each, so that a reader finds the rest at the head. */
function manifestJson({ files, ...header }: Manifest): string {
  const lines = files.map((file) => stableStringify(file));
  return `${JSON.stringify(header, null, 1).slice(0, -2)},\n "files": [\n${lines.join(',\n')}\n]}\n`;
}

/** Puts it back under its own name; only with the lock in hand, for another build may stand between its renames. */
function recoverOut(out: string): void {
  const last = lastOut(out);
  if (last !== out) renameSync(last, out);
}
