/**
 * Checks data/ for claims that cannot be right, with a file per rule: `npm run check:data`. It exits with 1 when it finds
 * any. With --accept-counts it first records the numbers of models that programs run now.
 */
import { writeFileSync } from 'node:fs';
import { DataError } from '../pipeline/lib/errors.ts';
import { aliases } from './check-data/aliases.ts';
import { claims } from './check-data/claims.ts';
import { COUNTS_PATH, type Data, loadData, type Problem, type Rule } from './check-data/data.ts';
import { evidence } from './check-data/evidence.ts';
import { exceptions } from './check-data/exceptions.ts';
import { countRuns, fewerModels } from './check-data/fewer-models.ts';
import { issueVersions } from './check-data/issue-versions.ts';
import { knownNames } from './check-data/known-names.ts';
import { sources } from './check-data/sources.ts';

const unreadable: Rule = (data) => [...data.unreadable];

export const RULES = {
  unreadable,
  sources,
  knownNames,
  aliases,
  evidence,
  issueVersions,
  exceptions,
  claims,
  fewerModels,
};

export function describe({ path, field, found, fix }: Problem): string {
  return `${path}: ${field}: found ${found}; ${fix}.`;
}

function acceptCounts(data: Data): Data {
  const counts = countRuns(data);
  writeFileSync(COUNTS_PATH, `${JSON.stringify(counts, null, 2)}\n`);
  return { ...data, counts };
}

async function check(): Promise<void> {
  const read = await loadData();
  const data =
    process.argv.includes('--accept-counts') && read.workers.length > 0 ? acceptCounts(read) : read;
  const problems = Object.values(RULES).flatMap((rule) => rule(data));
  for (const problem of problems) console.log(describe(problem));
  console.log(
    `${problems.length} problems in ${data.programs.length} programs, ${Object.keys(RULES).length} rules`,
  );
  process.exitCode = problems.length === 0 ? 0 : 1;
}

if (process.argv[1] === import.meta.filename)
  await check().catch((error: unknown) => {
    // A file that cannot be read is the editor's mistake: the message names it, and where our code was does not matter.
    if (!(error instanceof DataError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  });
