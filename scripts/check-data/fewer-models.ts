/**
 * Checks that a program runs no fewer models of the bundled snapshot than at the last recorded count, which shows lost
 * names.
 */

import { checkCompatibility } from '../../pipeline/evaluate/index.ts';
import { extractMetadata } from '../../pipeline/extract/index.ts';
import { parseRecord } from '../../pipeline/extract/record.ts';
import { groupBy } from '../../pipeline/lib/group.ts';
import type { Data, Problem, Rule } from './data.ts';

/** Returns program -> the number of models of the snapshot that one of its workers runs. */
export function countRuns({ workers, snapshot, tables }: Data): Record<string, number> {
  const models = [...snapshot.values()].flatMap((record) => {
    const parsed = parseRecord(record);
    return parsed.ok ? [extractMetadata(parsed.record, tables)] : [];
  });
  const counts = [...groupBy(workers, ({ program }) => program)].map(([program, own]) => {
    const running = models.filter((model) =>
      own.some((worker) => checkCompatibility(model, worker).compatible),
    );
    return [program, running.length] as const;
  });
  return Object.fromEntries(counts);
}

export const fewerModels: Rule = (data) => {
  if (data.workers.length === 0) return [];
  const now = countRuns(data);
  return Object.entries(data.counts).flatMap(([program, before]): Problem[] => {
    const count = now[program] ?? 0;
    if (count >= before) return [];
    const path = data.programs.find(({ file }) => file.program === program)?.path ?? 'data/workers';
    return [
      {
        path,
        field: 'accepts',
        found: `${program} runs ${count} models of the snapshot, ${before - count} fewer than the ${before} before`,
        fix: 'look for what it lost; if that is right, run npm run check:data -- --accept-counts',
      },
    ];
  });
};
