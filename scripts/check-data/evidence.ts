/** A run that is recorded is one that the worker's own rules allow: on a backend, in a format, of a model it takes. */

import { checkCompatibility } from '../../pipeline/evaluate/index.ts';
import { extractMetadata } from '../../pipeline/extract/index.ts';
import { parseRecord } from '../../pipeline/extract/record.ts';
import type { Data, Problem, Rule } from './data.ts';

export const evidence: Rule = (data) =>
  data.evidence.flatMap(({ path, file }) =>
    file.runs.flatMap((run): Problem[] => {
      const field = `runs (${run.model} on ${run.backend})`;
      const worker = data.workers.find(({ id }) => id === `${file.program}-${run.backend}`);
      if (worker === undefined) {
        return [
          {
            path,
            field,
            found: `the worker ${file.program}-${run.backend}`,
            fix: 'name a program and a backend that data/workers has',
          },
        ];
      }
      if (!worker.accepts.some(({ format }) => format === run.format)) {
        return [
          {
            path,
            field,
            found: `the format ${run.format}, which ${worker.id} does not accept`,
            fix: 'add the format to its accepts, or correct the run',
          },
        ];
      }
      return refusal(data, run.model, worker, path, field);
    }),
  );

/** Checked where the bundled snapshot has the model. */
function refusal(
  { snapshot, tables }: Data,
  model: string,
  worker: Data['workers'][number],
  path: string,
  field: string,
): Problem[] {
  const parsed = parseRecord(snapshot.get(model));
  if (!parsed.ok) return [];
  const { status, reasons } = checkCompatibility(extractMetadata(parsed.record, tables), worker);
  if (status !== 'incompatible') return [];
  return [
    {
      path,
      field,
      found: `a model that ${worker.id} refuses: ${reasons[0]}`,
      fix: 'widen what it accepts, or remove the run',
    },
  ];
}
