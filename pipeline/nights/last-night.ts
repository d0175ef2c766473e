/** The last out/ as this night sees it: its report, where the two may be compared, and its damaged files. */
import { join } from 'node:path';
import type * as z from 'zod';
import { SCHEMA_VERSION } from '../format/encoding.ts';
import type { Families, Report } from '../format/files.ts';
import { MANIFEST } from '../format/out-folder.ts';
import { familiesFile, reportFile } from '../format/schema.ts';
import { workersFile } from '../format/workers-schema.ts';
import { field, parseJson } from '../lib/json.ts';
import type { Staging } from '../write/staging.ts';

export interface LastNight {
  readonly date: string;
  readonly allowed: number;
  /** The bytes of all its files except the manifest. */
  readonly bytes: number;
  /** Ids of its gate workers. */
  readonly gate: readonly string[];
  readonly report: Report;
  readonly families: Families;
}

export interface Scope {
  readonly source: string;
  readonly gate: ReadonlySet<string>;
  /** True where `gate` has all the gate workers there are; false where the command line named them. */
  readonly ownGate: boolean;
  /** True where this night reads all of its source. */
  readonly whole: boolean;
}

/**
 * Returns the last night. It is undefined where there is none, or it was made from another source, from a part, or for
 * another gate that the command line named. Nights whose gate workers differ because a file came or went are compared, so
 * that guards see the effect.
 */
export function readLastNight(
  { previous, files }: Staging,
  { source, gate, ownGate, whole }: Scope,
): LastNight | undefined {
  if (previous === undefined || previous.source !== source || !whole) return undefined;
  const read = <T>(path: string, schema: z.ZodType<T>): T | undefined =>
    schema.safeParse(parseJson(files.readLast(path) ?? '')).data;
  const report = read('report.json', reportFile);
  const families = read('families.json', familiesFile);
  const workers = read('workers.json', workersFile);
  if (report === undefined || families === undefined || workers === undefined) return undefined;
  const lastGate = workers.filter((worker) => worker.gate).map(({ id }) => id);
  const sameGate = lastGate.length === gate.size && lastGate.every((id) => gate.has(id));
  const sameRule = ownGate && report.gate === 'own';
  if (!(sameGate || sameRule) || report.records.limit !== undefined || report.crawl?.listing === 'limited')
    return undefined;
  const bytes = previous.files.reduce((all, file) => all + file.bytes, 0);
  return { date: previous.date, allowed: previous.allowed, bytes, gate: lastGate, report, families };
}

const COMPARED = /^(?:allowlist|report|families|workers|changes|removed|history)\.json$|^workers\//;

/** Returns the files of the last out/ that this night is compared with and that are not what its manifest says. */
export function findDamage({ previous, files, out }: Staging): string[] {
  if (previous === undefined) return hasDamagedManifest(files.readAny(MANIFEST)) ? [join(out, MANIFEST)] : [];
  return previous.files
    .filter(({ path }) => COMPARED.test(path) && files.readLast(path) === undefined)
    .map(({ path }) => join(out, path));
}

/** Tells whether the manifest is damaged. One of another schema version is not: there is nothing to compare with. */
function hasDamagedManifest(text: string | undefined): boolean {
  if (text === undefined) return false;
  const version = field(parseJson(text), 'schemaVersion');
  return version === undefined || version === SCHEMA_VERSION;
}
