/**
 * Groups workers by program: its backends mostly have equal counts, so that one represents all where space is
 * short.
 */

export interface Program {
  readonly program: string;
  /** The first of its workers. */
  readonly first: string;
}

export function programsOf(workers: readonly string[]): Program[] {
  const first = new Map<string, string>();
  for (const worker of workers) {
    const program = worker.slice(0, worker.lastIndexOf('-'));
    if (!first.has(program)) first.set(program, worker);
  }
  return [...first].map(([program, worker]) => ({ program, first: worker }));
}
