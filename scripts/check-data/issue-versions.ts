/**
 * Checks that a known issue is of the version that its program's file describes. Issues of other versions never count,
 * and hide that they must be looked at again.
 */
import type { Problem, Rule } from './data.ts';

export const issueVersions: Rule = ({ issues, programs, unreadable }) =>
  issues.flatMap(({ path, file }) => {
    const versions = programs
      .filter(({ file: { program } }) => program === file.program)
      .map((one) => one.file.version);
    if (versions.length === 0) {
      // Its file may be the one that could not be read.
      if (unreadable.length > 0) return [];
      return [
        {
          path,
          field: 'program',
          found: `${file.program}, which no file in data/workers describes`,
          fix: 'correct the name or remove the file',
        },
      ];
    }
    return file.issues
      .filter(({ version }) => !versions.includes(version))
      .map(
        ({ id, version }): Problem => ({
          path,
          field: `issues (${id}).version`,
          found: `${version}, while the program is at ${versions.join(', ')}`,
          fix: 'check whether it is still true; then raise the version, or remove the issue',
        }),
      );
  });
