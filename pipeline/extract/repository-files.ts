/** Reads the list of files of a repository. */
import type { FileFacts, SizedFile } from './file-facts.ts';
import { recognizeFile } from './files.ts';
import type { HubRecord } from './record.ts';

export interface RepositoryFiles {
  /** The files that hold weights, or accompany them. */
  readonly files: readonly SizedFile[];
  readonly rootFiles: ReadonlySet<string>;
}

/** Returns the files that a record lists, each path once. */
export function readFiles(record: Pick<HubRecord, 'siblings'>): RepositoryFiles {
  const rootFiles = new Set<string>();
  const files: SizedFile[] = [];
  const paths = new Paths();
  for (const { rfilename, size } of record.siblings ?? []) {
    const file = recognizeFile(rfilename);
    if (file === undefined) continue;
    // No rule asks for a GGUF file by name.
    if (file.folder === '' && file.format !== 'gguf') addRootFile(rootFiles, file);
    if (file.role === 'other' || !paths.add(rfilename)) continue;
    files.push(size === undefined ? file : withSize(file, size));
  }
  return { files: withSoleDrafts(files), rootFiles };
}

/** The paths of a listing. The Hub sorts them, so that none comes twice as long as each is greater than the one before. */
class Paths {
  readonly #sorted: string[] = [];
  #all: Set<string> | undefined;

  /** Adds a path; returns false where it was added before. */
  add(path: string): boolean {
    if (this.#all === undefined) {
      if (path > (this.#sorted.at(-1) ?? '')) {
        this.#sorted.push(path);
        return true;
      }
      this.#all = new Set(this.#sorted);
    }
    const isNew = !this.#all.has(path);
    this.#all.add(path);
    return isNew;
  }
}

/** Returns the file with its size. Written out: a spread takes longer. */
function withSize(
  { path, folder, base, role, format, part, companion, ending }: FileFacts,
  bytes: number,
): SizedFile {
  return { path, folder, base, role, format, part, companion, ending, sizeBytes: bytes };
}

function addRootFile(rootFiles: Set<string>, { base, companion }: FileFacts): void {
  rootFiles.add(base);
  if (companion !== undefined) rootFiles.add(companion);
}

/**
 * Turns draft heads into models where they are alone (`X-DRAFT-0.5B-Q8_0.gguf`); beside a model they are
 * helpers.
 */
function withSoleDrafts(files: SizedFile[]): SizedFile[] {
  if (files.some(({ role, format }) => role === 'weights' && format === 'gguf')) return files;
  return files.map((file) =>
    file.role === 'helper' && /draft/i.test(file.base) ? { ...file, role: 'weights' } : file,
  );
}
