/** One night of an out/, from which everything is read. */
import { TableText } from '../format/decode-table.ts';
import { SCHEMA_VERSION } from '../format/encoding.ts';
import type { Manifest } from '../format/files.ts';
import { DataError, UsageError } from '../lib/errors.ts';
import { isObject, parseJson } from '../lib/json.ts';
import { once } from '../lib/once.ts';
import { Files, isOurs } from './files.ts';
import { Rows } from './rows.ts';
import * as say from './sentences.ts';
import type { MatrixSource } from './source.ts';

/** The manifest without its list of files. */
export type Header = Omit<Manifest, 'files'>;

export interface OpenedOut {
  readonly source: MatrixSource;
  readonly manifest: Manifest;
  readonly header: Header;
  readonly files: Files;
  readonly rows: Rows;
  readonly table: () => Promise<TableText>;
  /** The allowlist, sorted. */
  readonly allowed: () => Promise<ReadonlySet<string>>;
}

/**
 * Opens the night that is published now; `past` is the same as in `MatrixSource.read`.
 *
 * @throws UsageError when there is no manifest; DataError when it is damaged or of another schema version.
 */
export async function openNight(source: MatrixSource, past?: string): Promise<OpenedOut> {
  const manifest = await readManifest(source, past);
  const { files: _, ...header } = manifest;
  const files = new Files(source, manifest);
  const table = once(async () => new TableText(await files.read('verdicts.json')));
  const rows = new Rows({
    rowBits: header.rowBits,
    sha256: (text) => source.sha256(text),
    read: (path) => files.read(path),
    table,
  });
  const allowed = once(
    async () => new Set(asTexts(await files.readJson('allowlist.json'), 'allowlist.json')),
  );
  return { source, manifest, header, files, rows, table, allowed };
}

async function readManifest(source: MatrixSource, past: string | undefined): Promise<Manifest> {
  const text = await source.read('manifest.json', past);
  if (!isOurs(text)) throw new UsageError(say.noManifest(source.name));
  const manifest = parseJson(text);
  if (!isObject(manifest)) throw new DataError(say.fileDamaged(source.name, 'manifest.json'));
  if (manifest.schemaVersion !== SCHEMA_VERSION || !Array.isArray(manifest.files))
    throw new DataError(say.otherSchema(source.name, SCHEMA_VERSION));
  return manifest as unknown as Manifest;
}

/**
 * Returns a value as a list of texts.
 *
 * @throws DataError when it is none.
 */
export function asTexts(value: unknown, path: string): string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new DataError(say.notAList(path));
}
