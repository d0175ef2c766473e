/**
 * Compares tonight with the last out/: the changes, the models that left and when, the counts of the nights, and the
 * guards.
 */
import type { Changes, Families, History, Report } from '../format/files.ts';
import { DataError } from '../lib/errors.ts';
import { prettyStringify } from '../lib/json.ts';
import { folderSource } from '../read/folder.ts';
import { type Matrix, openSource } from '../read/index.ts';
import type { FileEntry, FileWriter } from '../write/file-writer.ts';
import type { MatrixInput, WrittenMatrix } from '../write/index.ts';
import { compareNights, readNight } from './changes.ts';
import { type Highlights, pickHighlights } from './highlights.ts';
import { addNight, countNight, historyJson } from './history.ts';
import { findDamage, type LastNight, readLastNight } from './last-night.ts';
import { keepRemoved, removedJson } from './removed.ts';
import { trendSvg } from './trend.ts';

/** A night as it would be published. */
export interface Night {
  readonly report: Report;
  readonly families: Families;
  readonly unlocks: WrittenMatrix['unlocks'];
  readonly changes: Changes;
  readonly highlights: Highlights;
  readonly history: History;
  /** The last night; undefined where there is nothing to compare with. */
  readonly last: LastNight | undefined;
  /** Ids of the gate workers. */
  readonly gate: ReadonlySet<string>;
  readonly files: readonly FileEntry[];
  /** Files of the last out/ that are not what its manifest says. */
  readonly damaged: readonly string[];
  /** The written out/, read back through the reader that consumers use. */
  readonly matrix: Matrix;
  /** The folder of the next out/. */
  readonly dir: string;
}

/** Compares the written files with the last out/, and writes the files that cover several nights. */
export async function compareWithLast(input: MatrixInput, written: WrittenMatrix): Promise<Night> {
  const { staging, date, source, gate, ownGate, records, crawl } = input;
  const { files, previous } = staging;
  const { totals, report, families, unlocks, header } = written;
  const matrix = await openSource(staging.asSource(header));
  const changes = await compareNights(readNight(files), matrix, [...gate]);
  putChanges(files, changes);
  const { allowlist } = totals;
  files.put(
    'removed.json',
    removedJson(keepRemoved({ last: files.readLast('removed.json'), changes, allowlist, date })),
  );
  const whole = records.limit === undefined && crawl?.listing !== 'limited';
  const last = readLastNight(staging, { source, gate, ownGate, whole });
  const earlier = last === undefined ? undefined : files.readLast('history.json');
  const history = addNight(earlier, countNight(input, totals));
  files.put('history.json', historyJson(history));
  files.put('trend.svg', trendSvg(history));
  const highlights = await pickHighlights(
    changes,
    previous === undefined ? undefined : lastDownloads(staging.out),
    matrix,
  );
  return {
    ...{ report, families, unlocks, changes, highlights, history, last, gate, matrix },
    files: staging.entries(),
    damaged: findDamage(staging),
    dir: staging.dir,
  };
}

/** Returns the downloads of the last out/; none where it is damaged, which a guard reports. */
function lastDownloads(out: string): Pick<Matrix, 'downloads'> {
  return {
    downloads: async (ids) => {
      try {
        return await (await openSource(folderSource(out))).downloads(ids);
      } catch (error) {
        if (error instanceof DataError) return new Map();
        throw error;
      }
    },
  };
}

/** Writes changes.json. A build that finds nothing new keeps the last changes, so that it rewrites nothing. */
function putChanges(files: FileWriter, changes: Changes): void {
  const last = files.readLast('changes.json');
  const nothing = changes.added.length + changes.removed.length + changes.changed.length === 0;
  files.put('changes.json', nothing && last !== undefined ? last : prettyStringify(changes));
}
