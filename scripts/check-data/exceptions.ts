/** Checks that each exception in a table differs from the result of the rule. */

import { extractMetadata } from '../../pipeline/extract/index.ts';
import { factValue } from '../../pipeline/extract/metadata.ts';
import { parseRecord } from '../../pipeline/extract/record.ts';
import type { Problem, Rule } from './data.ts';

/** The tasks with which a class name is tried, since the name decides together with the task. */
const TASKS = [undefined, 'any-to-any', 'audio-text-to-text', 'image-text-to-text'];

export const exceptions: Rule = ({ architectures, tables }) => {
  const bare = { ...tables, kindOfClass: new Map() };
  const kindOf = (name: string, task: string | undefined) => {
    const parsed = parseRecord({ id: 'a/b', config: { architectures: [name] }, pipeline_tag: task });
    return parsed.ok ? factValue(extractMetadata(parsed.record, bare).kind) : undefined;
  };
  return Object.entries(architectures.classKinds).flatMap(([kind, classes]) =>
    classes
      .filter((name) => TASKS.every((task) => kindOf(name, task) === kind))
      .map(
        (name): Problem => ({
          path: 'data/architectures.json',
          field: `classKinds.${kind}`,
          found: `${name}, whose name already says so`,
          fix: 'remove it',
        }),
      ),
  );
};
