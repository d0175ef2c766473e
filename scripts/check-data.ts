/** npm run check:data: looks through data/ for claims that cannot be right, a rule a file. Exits 1 when it finds any. */
import { aliases } from './check-data/aliases.ts';
import { claims } from './check-data/claims.ts';
import { loadData, type Problem } from './check-data/data.ts';
import { evidence } from './check-data/evidence.ts';
import { exceptions } from './check-data/exceptions.ts';
import { issueVersions } from './check-data/issue-versions.ts';
import { knownNames } from './check-data/known-names.ts';
import { sources } from './check-data/sources.ts';

export const RULES = { sources, knownNames, aliases, evidence, issueVersions, exceptions, claims };

export function describe({ path, field, found, fix }: Problem): string {
  return `${path}: ${field}: found ${found}; ${fix}.`;
}

if (process.argv[1] === import.meta.filename) {
  const data = await loadData();
  const problems = Object.values(RULES).flatMap((rule) => rule(data));
  for (const problem of problems) console.log(describe(problem));
  console.log(
    `${problems.length} problems in ${data.programs.length} programs, ${Object.keys(RULES).length} rules`,
  );
  process.exitCode = problems.length === 0 ? 0 : 1;
}
