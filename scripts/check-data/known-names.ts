/** GGUF architectures and labels that a worker names are ones that the tables know: others would never be met. */
import type { Problem, Rule } from './data.ts';

export const knownNames: Rule = ({ programs, tables }) =>
  programs.flatMap(({ path, file }) =>
    file.accepts.flatMap((accept, at): Problem[] => {
      if (accept.format !== 'gguf') return [];
      const labels = [...accept.quantizations, ...accept.exceptQuantizations].filter(
        (label) =>
          label !== 'any' &&
          label !== 'undeclared' &&
          tables.labels.get(label.replace(/^UD-/, '').toUpperCase()) === undefined,
      );
      const architectures =
        accept.match.by === 'gguf' ? accept.match.names.filter((name) => !tables.kindOfGguf.has(name)) : [];
      return [
        ...labels.map((label) => ({
          path,
          field: `accepts[${at}].quantizations`,
          found: `the label ${label}`,
          fix: 'add it to data/quantizations.json or correct it',
        })),
        ...architectures.map((name) => ({
          path,
          field: `accepts[${at}].match.names`,
          found: `the GGUF architecture ${name}`,
          fix: 'add it to ggufKinds in data/architectures.json or correct it',
        })),
      ];
    }),
  );
