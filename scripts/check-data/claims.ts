/**
 * Checks that a backend lacks only quantizations that its program has: its claims may not go beyond those of the program.
 */
import type { Problem, Rule } from './data.ts';

export const claims: Rule = ({ programs }) =>
  programs.flatMap(({ path, file, accepts }) => {
    const has = new Set(accepts.flatMap(({ quantizations }) => quantizations));
    return file.backends.flatMap(({ backend, lacksQuantizations }) =>
      lacksQuantizations
        .filter((label) => !has.has(label) && !has.has('any'))
        .map(
          (label): Problem => ({
            path,
            field: `backends (${backend}).lacksQuantizations`,
            found: `${label}, which the program does not read on any backend`,
            fix: 'remove it, or add it to what the program accepts',
          }),
        ),
    );
  });
