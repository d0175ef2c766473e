/** What everything that reads an out/ reads from. */
import type { TableText } from '../format/decode-table.ts';
import type { Manifest } from '../format/schema.ts';
import { DataError } from '../lib/errors.ts';
import type { Files } from './files.ts';
import type { Rows } from './rows.ts';
import type { MatrixSource } from './source.ts';

/** The manifest without its list of files. */
export type Header = Omit<Manifest, 'files'>;

export interface OpenedOut {
  readonly source: MatrixSource;
  readonly header: Header;
  readonly files: Files;
  readonly rows: Rows;
  readonly table: () => Promise<TableText>;
}

/** @throws DataError when the value is no list of texts. */
export function asTexts(value: unknown, path: string): string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new DataError(`${path} is damaged: it is no list of repo ids. Fetch or build it anew.`);
}
