/** Tells how a model is run: the files to take and the command to fetch them, then a command for each program that has one. */
import type { Variant } from '../../pipeline/extract/metadata.ts';
import { fetchCommands, startCommand } from '../lib/commands.ts';
import { workerById, workerLink } from '../lib/matrix.ts';
import type { ModelPageData } from '../lib/model.ts';

/** A command with a button that copy.js shows: without a script there is nothing that it could do. */
export function Command({ lines }: { readonly lines: readonly string[] }) {
  return (
    <div className="command">
      <pre>
        <code>{lines.join('\n')}</code>
      </pre>
      <button type="button" className="copy" hidden>
        Copy
      </button>
    </div>
  );
}

/** Returns the commands that fetch a variant. `variant`: what the marketplace's worker takes. */
export function fetchLines({ model: { id, facts } }: ModelPageData, variant: Variant): string[] {
  return fetchCommands(id, variant, facts.variants);
}

export function HowToRun({ model: { id, facts }, groups }: ModelPageData) {
  const ways = new Map<
    string,
    { name: string; worker: string; homepage: string; command: string; from: string }
  >();
  for (const { program, name, workers, verdict } of groups) {
    const worker = workerById.get(workers[0] ?? '');
    const variant = facts.variants.find((one) => one.id === verdict.recommendedVariant);
    if (worker === undefined || variant === undefined || ways.has(program)) continue;
    const command = startCommand(id, variant, worker);
    const from = worker.start?.find(({ format }) => format === variant.format)?.from ?? '';
    if (command !== undefined)
      ways.set(program, { name, worker: worker.id, homepage: worker.homepage ?? '', command, from });
  }
  const own = [
    ...new Set(groups.filter(({ gate, verdict }) => gate && verdict.compatible).map(({ name }) => name)),
  ];
  const silent = own.filter((name) => ![...ways.values()].some((way) => way.name === name));
  return (
    <>
      <h2 id="run">How to run it</h2>
      {silent.map((name) => (
        <p key={name}>
          {name} loads the files that the command above fetches. No command that starts it is on record.
        </p>
      ))}
      <ul className="ways">
        {[...ways.values()].map(({ name, worker, homepage, command, from }) => (
          <li key={name}>
            <h3>
              <a href={homepage === '' ? workerLink(worker) : homepage} rel="noreferrer">
                {name}
              </a>
            </h3>
            <Command lines={[command]} />
            <small>Source: {from}</small>
          </li>
        ))}
      </ul>
    </>
  );
}
