/**
 * Turns data/evidence into the evidence of a worker: runs of its program on its backend, and of what it is
 * built on.
 */
import { evidenceChain } from './inherit.ts';
import type { Backend, Evidence } from './worker.ts';
import type { EvidenceFile } from './worker-schema.ts';

interface Context {
  readonly evidence: ReadonlyMap<string, EvidenceFile>;
  /** The name of a program by its id. */
  readonly nameOf: (program: string) => string;
}

/** Returns the evidence of one backend; inherited evidence names the program that ran it. */
export function readEvidence(own: EvidenceFile, backend: Backend, { evidence, nameOf }: Context): Evidence[] {
  return evidenceChain(own, evidence).flatMap((file) =>
    flatten(file, backend).map((run) => (file === own ? run : { ...run, via: nameOf(file.program) })),
  );
}

function flatten({ sources }: EvidenceFile, backend: Backend): Evidence[] {
  return sources.flatMap(({ strength, format, backends: all, date, runs }) =>
    runs.flatMap(({ backends = all, from: _from, result: _result, ...run }) =>
      backends === 'any' || backends.includes(backend) ? [{ strength, format, date, ...run }] : [],
    ),
  );
}
