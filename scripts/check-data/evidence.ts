/** Checks that the worker's own rules allow each recorded run: its backend, format, loader key and kind. */

import { isRun } from '../../pipeline/data/worker.ts';
import type { EvidenceFile } from '../../pipeline/data/worker-schema.ts';
import { checkCompatibility } from '../../pipeline/evaluate/index.ts';
import { extractMetadata } from '../../pipeline/extract/index.ts';
import { parseRecord } from '../../pipeline/extract/record.ts';
import { nearestName } from '../../pipeline/lib/nearest.ts';
import type { Data, Problem, Rule } from './data.ts';
import { knownNames, nearest } from './known-names.ts';

type Source = EvidenceFile['sources'][number];
type Run = Source['runs'][number];

interface Stated {
  readonly path: string;
  readonly program: string;
  readonly source: Source;
  readonly run: Run;
  readonly field: string;
}

export const evidence: Rule = (data) => {
  // A misspelt name in a worker file is reported there; its evidence is right.
  const misnamed = new Set(knownNames(data).map(({ path }) => path));
  return data.evidence.flatMap(({ path, file }) => {
    const program = data.programs.find((one) => one.file.program === file.program);
    if (program !== undefined && misnamed.has(program.path)) return [];
    if (program === undefined) {
      if (data.unreadable.length > 0) return [];
      const known = data.programs.map((one) => one.file.program);
      return [
        {
          path,
          field: 'program',
          found: `${file.program}, which no file in data/workers describes${nearest(file.program, known)}`,
          fix: 'correct the name or remove the file',
        },
      ];
    }
    return file.sources.flatMap((source, at) =>
      source.runs.flatMap((run, place) => {
        const field = `sources[${at}].runs[${place}] (${run.model ?? run.key})`;
        return problemsOf(data, { path, program: file.program, source, run, field });
      }),
    );
  });
};

function problemsOf(data: Data, stated: Stated): Problem[] {
  const { path, field } = stated;
  const problem = (found: string, fix: string) => [{ path, field, found, fix }];
  return [
    ...strayBackends(data, stated, problem),
    ...strayKey(data, stated, problem),
    ...strayModel(data, stated, problem),
  ];
}

type Say = (found: string, fix: string) => Problem[];

function strayBackends(data: Data, { program, source, run }: Stated, say: Say): Problem[] {
  const backends = run.backends ?? source.backends;
  if (backends === 'any') return [];
  const has = data.programs
    .filter(({ file }) => file.program === program)
    .flatMap(({ file }) => file.backends);
  return backends
    .filter((backend) => !has.some((one) => one.backend === backend))
    .flatMap((backend) =>
      say(`the worker ${program}-${backend}`, 'name a program and a backend that data/workers has'),
    );
}

function strayKey(data: Data, { program, source, run }: Stated, say: Say): Problem[] {
  const accepts = data.programs
    .filter(({ file }) => file.program === program)
    .flatMap((one) => one.accepts)
    .filter(({ format }) => format === source.format);
  if (accepts.length === 0)
    return say(
      `the format ${source.format}, which ${program} does not accept`,
      'add the format to its accepts, or correct the run',
    );
  const names = accepts.flatMap(({ match }) => match.names);
  const ways = accepts.filter(({ match }) => match.names.includes(run.key));
  if (ways.length === 0)
    return say(
      `the key ${run.key}, which ${program} does not match as ${source.format}${nearest(run.key, names)}`,
      'write what it compares to find the loader: a model_type, a class, a GGUF architecture or a repository',
    );
  if (!ways.some(({ kinds }) => kinds.includes(run.kind)))
    return say(`the kind ${run.kind}, which ${program} does not run`, 'correct the kind, or what it accepts');
  return [];
}

/** Checks the model of a run by its record in the bundled snapshot. A model that the snapshot lacks may be misspelt. */
function strayModel(data: Data, { program, source, run }: Stated, say: Say): Problem[] {
  if (run.model === undefined) return [];
  const record = data.snapshot.get(run.model);
  if (record === undefined) return misspelt(data, run.model, say);
  const worker = data.workers.find(({ id }) => id === `${program}-${(run.backends ?? source.backends)[0]}`);
  const parsed = parseRecord(record);
  if (!parsed.ok || worker === undefined || !isRun(source)) return [];
  // A run with a method is one of a copy that was quantized with it; a GGUF was converted from it.
  if (run.quantization !== undefined || source.format === 'gguf') return [];
  const { status, reasons } = checkCompatibility(extractMetadata(parsed.record, data.tables), worker);
  if (status !== 'incompatible') return [];
  return say(`a model that ${worker.id} refuses: ${reasons[0]}`, 'widen what it accepts, or remove the run');
}

/**
 * Finds a model of the snapshot whose name differs only in letters, which is most likely a mistake. Other digits or
 * another number of words mean another model.
 */
function misspelt({ snapshot }: Data, model: string, say: Say): Problem[] {
  const shape = (id: string) => `${id.replace(/\D+/g, ' ').trim()} ${id.split(/[-_./]/).length}`;
  const near = nearestName(
    model,
    [...snapshot.keys()].filter((id) => shape(id) === shape(model)),
  );
  if (near === undefined) return [];
  return say(`the model ${model}, which is not in the snapshot (${near} is)`, 'correct the repository');
}
