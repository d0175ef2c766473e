/** The next out/, built beside the last one and put in its place at the end, whole or not at all. */
import {
  existsSync,
  linkSync,
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
import { compareNames } from '../lib/compare.ts';
import { syncPath } from '../lib/durable.ts';
import { UsageError } from '../lib/errors.ts';
import { sha256 } from '../lib/hash.ts';
import { prettyStringify } from '../lib/json.ts';
import { releaseLock, takeLock } from '../lib/lock.ts';
import { type Manifest, manifestFile } from './schema.ts';

export interface FileEntry {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

const MANIFEST = 'manifest.json';
const README = 'README.md';
/** Says that an unfinished folder is one of ours. */
const MARK = '.unfinished';

export class Staging {
  readonly dir: string;
  /** The manifest of the out/ that this build follows, when there is one that can be read. */
  readonly previous: Manifest | undefined;
  written = { files: 0, bytes: 0 };
  kept = { files: 0, bytes: 0 };
  readonly #out: string;
  readonly #lock: string;
  readonly #entries: FileEntry[] = [];
  readonly #folders = new Set<string>();
  readonly #previousFiles: ReadonlyMap<string, FileEntry>;

  constructor(out: string) {
    this.#out = existsSync(out) ? realpathSync(out) : resolve(out);
    this.dir = `${this.#out}.next`;
    this.#lock = `${this.#out}.lock`;
    refuseForeign(this.#out);
    takeLock(this.#lock);
    recoverOut(this.#out);
    rmSync(this.dir, { recursive: true, force: true });
    mkdirSync(this.dir, { recursive: true });
    writeFileSync(join(this.dir, MARK), '');
    this.previous = readManifest(this.#out);
    this.#previousFiles = new Map((this.previous?.files ?? []).map((file) => [file.path, file]));
  }

  /** Adds a file. One that did not change is linked to the last out/, not written again. */
  put(path: string, content: string): void {
    const buffer = Buffer.from(content);
    const entry = { path, bytes: buffer.length, sha256: sha256(buffer) };
    const target = join(this.dir, path);
    this.#makeFolder(dirname(target));
    if (
      this.#previousFiles.get(path)?.sha256 === entry.sha256 &&
      tryLink(join(this.#out, path), target, buffer)
    ) {
      this.kept = { files: this.kept.files + 1, bytes: this.kept.bytes + entry.bytes };
    } else {
      writeFileSync(target, buffer, { flag: 'wx' });
      this.written = { files: this.written.files + 1, bytes: this.written.bytes + entry.bytes };
    }
    this.#entries.push(entry);
  }

  #makeFolder(path: string): void {
    if (this.#folders.has(path)) return;
    mkdirSync(path, { recursive: true });
    this.#folders.add(path);
  }

  /** The text of a file of the last out/; undefined where there is none, or not what its manifest says. */
  readPrevious(path: string): string | undefined {
    const entry = this.#previousFiles.get(path);
    if (entry === undefined || !existsSync(join(this.#out, path))) return undefined;
    const content = readFileSync(join(this.#out, path));
    return sha256(content) === entry.sha256 ? content.toString('utf8') : undefined;
  }

  /** Writes the manifest last, then puts the new folder in the place of the old. */
  publish(header: Omit<Manifest, 'files'>): void {
    if (existsSync(join(this.#out, README))) this.put(README, readFileSync(join(this.#out, README), 'utf8'));
    const files = [...this.#entries].sort((a, b) => compareNames(a.path, b.path));
    const path = join(this.dir, MANIFEST);
    rmSync(join(this.dir, MARK), { force: true });
    writeFileSync(path, prettyStringify({ ...header, files } satisfies Manifest));
    syncPath(path);
    const old = `${this.#out}.previous`;
    rmSync(old, { recursive: true, force: true });
    if (existsSync(this.#out)) renameSync(this.#out, old);
    renameSync(this.dir, this.#out);
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

/** Where the last out/ is: a kill between the two renames of `publish` leaves it under its second name. */
export function lastOut(out: string): string {
  const old = `${resolve(out)}.previous`;
  return !existsSync(out) && existsSync(old) ? old : out;
}

/** Puts it back under its own name; only with the lock in hand, for another build may stand between its renames. */
function recoverOut(out: string): void {
  const last = lastOut(out);
  if (last !== out) renameSync(last, out);
}

function readManifest(out: string): Manifest | undefined {
  try {
    const parsed = manifestFile.safeParse(JSON.parse(readFileSync(join(out, MANIFEST), 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** False when the old file is gone or is not what its manifest says, or the disk cannot link: then it is written anew. */
function tryLink(from: string, to: string, content: Buffer): boolean {
  try {
    if (!readFileSync(from).equals(content)) return false;
    linkSync(from, to);
    return true;
  } catch {
    return false;
  }
}
