/** A claim has a source that somebody else can look up: a file, a commit, a page; not a promise to add one. */
import type { Problem, Rule } from './data.ts';

const EMPTY = /^(?:todo|tbd|unknown|none|n\/a|\?+|x+)\b/i;
const SHORTEST = 10;

export const sources: Rule = ({ programs, evidence, issues }) => {
  const claims = [
    ...programs.flatMap(({ path, file }) => [
      { path, field: 'facts.from', from: file.facts.from },
      { path, field: 'maxContextLength.from', from: file.maxContextLength.from },
      ...file.accepts.flatMap((accept, at) =>
        accept.sources.map(({ what, from }) => ({ path, field: `accepts[${at}].sources (${what})`, from })),
      ),
      ...file.backends.map(({ backend, from }) => ({ path, field: `backends (${backend})`, from })),
    ]),
    ...evidence.flatMap(({ path, file }) =>
      file.runs.map(({ model, from }) => ({ path, field: `runs (${model})`, from })),
    ),
    ...issues.flatMap(({ path, file }) =>
      file.issues.map(({ id, from }) => ({ path, field: `issues (${id})`, from })),
    ),
  ];
  return claims
    .filter(({ from }) => EMPTY.test(from) || from.length < SHORTEST)
    .map(
      ({ path, field, from }): Problem => ({
        path,
        field,
        found: `the source ${JSON.stringify(from)}`,
        fix: 'name the file, commit or page where this can be read',
      }),
    );
};
