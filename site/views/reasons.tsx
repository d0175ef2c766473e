/** Tells why each program runs the model or not: a sentence once, with the backends that it is true of. */
import { Fragment, type ReactNode } from 'react';
import type { Status } from '../../pipeline/evaluate/verdict.ts';
import { groupBy } from '../../pipeline/lib/group.ts';
import type { VerdictGroup } from '../../pipeline/read/groups.ts';
import { type SharedRefusal, shareRefusals } from '../../pipeline/read/refusals.ts';
import { workerLink } from '../lib/matrix.ts';
import { BACKEND_WORDS, counted } from '../lib/words.ts';
import { STATES } from './parts.tsx';

interface Said {
  readonly kind: 'reason' | 'warn' | 'advice';
  readonly sentence: string;
  readonly workers: readonly string[];
}

interface ProgramSays {
  readonly program: string;
  readonly name: string;
  readonly gate: boolean;
  readonly workers: readonly string[];
  /** Tells whether these are all of its workers. */
  readonly whole: boolean;
  readonly said: readonly Said[];
}

const TITLES = {
  compatible: 'Why it runs',
  unknown: 'Where we are not sure',
} as const;

interface Props {
  readonly groups: readonly VerdictGroup[];
  /** Worker id -> a sentence about the copy that it runs. */
  readonly nearest: ReadonlyMap<string, string>;
}

/** Tells why it runs, and of which programs that is not known: of other engines folded. */
export function Reasons({ groups, nearest }: Props) {
  return (['compatible', 'unknown'] as const).map((status) => {
    const programs = programsOf(groups, { status, all: groups, nearest });
    const others = programs.filter(({ gate }) => !gate);
    if (programs.length === 0) return null;
    return (
      <Fragment key={status}>
        <h3>
          {STATES[status].mark} {TITLES[status]}
        </h3>
        <ProgramList programs={programs.filter(({ gate }) => gate)} />
        {others.length > 0 && (
          <details>
            <summary>
              {status === 'compatible' ? 'Other engines that run it' : 'Engines'}:{' '}
              {others.map(({ name }) => name).join(', ')}
            </summary>
            <ProgramList programs={others} />
          </details>
        )}
      </Fragment>
    );
  });
}

function ProgramList({ programs }: { readonly programs: readonly ProgramSays[] }) {
  if (programs.length === 0) return null;
  return (
    <ul className="reasons">
      {programs.map((program) => (
        <ProgramReasons key={program.program} {...program} />
      ))}
    </ul>
  );
}

/** The programs that do not run it, folded: a line for each reason. */
export function Refusals({ groups, nearest }: Props) {
  const { shared, rest } = shareRefusals(groups);
  const programs = programsOf(rest, { status: 'incompatible', all: groups, nearest });
  if (programs.length + shared.length === 0) return null;
  const names = new Set([
    ...programs.map(({ program }) => program),
    ...shared.flatMap((refusal) => refusal.groups.map(({ program }) => program)),
  ]);
  return (
    <details>
      <summary>
        {STATES.incompatible.mark} It does not run on {counted(names.size, 'program')}, or on some backends of{' '}
        {names.size === 1 ? 'it' : 'them'}: why
      </summary>
      <ul className="reasons">
        {programs.map((program) => (
          <ProgramReasons key={program.program} {...program} />
        ))}
        {shared.map((refusal) => (
          <SharedRefusalItem key={refusal.sentence} {...refusal} nearest={nearest} />
        ))}
      </ul>
    </details>
  );
}

function SharedRefusalItem({ sentence, groups, nearest }: SharedRefusal & Pick<Props, 'nearest'>) {
  const copies = groups.flatMap(({ workers }) => workers.flatMap((id) => nearest.get(id) ?? []));
  const advice = [...new Set([...copies, ...groups.flatMap(({ verdict }) => verdict.recommendations)])];
  return (
    <li>
      {sentence}
      {advice.map((one) => (
        <p key={one} className="advice">
          {one}
        </p>
      ))}
    </li>
  );
}

function ProgramReasons({ name, program, gate, workers, whole, said }: ProgramSays) {
  return (
    <li>
      {gate ? <a href={workerLink(workers[0] ?? '')}>{name}</a> : <b>{name}</b>}
      {!whole && ` (${backendsOf(workers, program)})`}
      {said[0]?.sentence.startsWith(`${name} `) === false && ':'}
      {said.map(({ kind, sentence, workers: of }, at) => (
        <Sentence key={sentence} kind={kind}>
          {of.length < workers.length && <b>{backendsOf(of, program)}: </b>}
          {at === 0 && sentence.startsWith(`${name} `) ? sentence.slice(name.length + 1) : sentence}
        </Sentence>
      ))}
    </li>
  );
}

/** Reasons follow each other in a paragraph; a warning or an advice is a paragraph of its own. */
function Sentence({ kind, children }: { readonly kind: Said['kind']; readonly children: ReactNode }) {
  return kind === 'reason' ? <> {children}</> : <p className={kind}>{children}</p>;
}

interface Wanted extends Pick<Props, 'nearest'> {
  readonly status: Status;
  readonly all: readonly VerdictGroup[];
}

function programsOf(groups: readonly VerdictGroup[], { status, all, nearest }: Wanted): ProgramSays[] {
  const ofStatus = groups.filter(({ verdict }) => verdict.status === status);
  return [...groupBy(ofStatus, ({ program }) => program)].map(([program, own]) => ({
    program,
    name: own[0]?.name ?? program,
    gate: own[0]?.gate === true,
    workers: own.flatMap(({ workers }) => workers),
    whole: own.length === all.filter((group) => group.program === program).length,
    said: gather(own, nearest),
  }));
}

function gather(groups: readonly VerdictGroup[], nearest: Props['nearest']): Said[] {
  const said = new Map<string, { kind: Said['kind']; sentence: string; workers: string[] }>();
  for (const { gate, verdict, workers } of groups) {
    // The page gives only the deciding reason of another engine; the JSON has the codes of all.
    const reasons = gate ? verdict.reasons : verdict.reasons.slice(0, 1);
    const copies = new Set(workers.flatMap((id) => nearest.get(id) ?? []));
    const all = [
      ...reasons.map((sentence) => ['reason', sentence] as const),
      ...verdict.warnings.map((sentence) => ['warn', sentence] as const),
      ...[...copies, ...verdict.recommendations].map((sentence) => ['advice', sentence] as const),
    ];
    for (const [kind, sentence] of all) {
      const known = said.get(sentence) ?? { kind, sentence, workers: [] };
      known.workers.push(...workers);
      said.set(sentence, known);
    }
  }
  const order = ['reason', 'warn', 'advice'];
  return [...said.values()].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

function backendsOf(workers: readonly string[], program: string): string {
  const words: Readonly<Record<string, string>> = BACKEND_WORDS;
  return workers.map((id) => words[id.slice(program.length + 1)] ?? id).join(', ');
}
