/**
 * Checks that each claim has a source that somebody else can look up, such as a file, a commit or a page, and not a
 * promise to add one.
 */
import type { Problem, Rule } from './data.ts';

const EMPTY = /^(?:todo|tbd|unknown|none|n\/a|\?+|x+)\b/i;
const SHORTEST = 10;

/** Finds accepts without a source for their `match`. The match decides the most, so its source is required. */
const unsourced: Rule = ({ programs }) =>
  programs.flatMap(({ path, file }) =>
    file.accepts.flatMap(({ match, inherits, sources: given }, at): Problem[] => {
      const states = match !== undefined || inherits === undefined;
      if (!states || given.some(({ what }) => what === 'match')) return [];
      return [
        {
          path,
          field: `accepts[${at}].sources`,
          found: `no source whose "what" is match (${given.map(({ what }) => what).join(', ')})`,
          fix: 'say where the names that it matches can be read',
        },
      ];
    }),
  );

export const sources: Rule = (data) => [...unsourced(data), ...empty(data)];

const empty: Rule = ({ programs, evidence, issues }) => {
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
      file.sources.map(({ from }, at) => ({ path, field: `sources[${at}].from`, from })),
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
