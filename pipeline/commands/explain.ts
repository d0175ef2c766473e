/**
 * Explains one model: its facts with their sources, and for every worker whether it runs, why, and what would
 * help.
 */
import type { Fact } from '../extract/metadata.ts';
import type { MatrixModel } from '../format/decode.ts';
import { escapeControls, printable } from '../lib/printable.ts';
import { CONFIDENCE_WORDS, inBillions, SOURCE_WORDS, standingOf } from '../lib/words.ts';
import { type Advice, describeDevices, describeMemory } from '../read/advice.ts';
import type { FitAnswer } from '../read/best-file.ts';
import { groupVerdicts, type NamedWorker, type VerdictGroup } from '../read/groups.ts';
import { type SharedRefusal, shareRefusals } from '../read/refusals.ts';
import { engineLines, verdictLine, workersLine } from './summary.ts';

/**
 * The extent of the answer: all workers, with or without the reasons of every engine, or some workers alone.
 */
export type Telling = 'short' | 'all' | 'some';

/**
 * Returns the answer in words: first the verdict in a line, then the facts that it rests on, then the
 * verdicts by worker.
 */
export function explainText(
  { id, facts, verdicts, detailed }: MatrixModel,
  extras: Extras,
  telling: Telling,
): string {
  const { copies, advice, workers, nearest, source, fit } = extras;
  const groups = groupVerdicts(verdicts, workers);
  const shown = telling === 'short' ? groups.filter(({ gate }) => gate) : groups;
  const { shared, rest } = shareRefusals(shown);
  return [
    ...(fit === undefined ? [] : [fit.sentence]),
    telling === 'some' ? workersLine(groups) : verdictLine(groups),
    '',
    `${id}${facts.sha === 'unknown' ? '' : `  @ ${facts.sha.slice(0, 8)}`}`,
    '',
    ...factLines(facts, detailed),
    ...(copies.length > 0 ? ['', `  the same weights   ${copies.slice(0, MOST_COPIES).join(', ')}`] : []),
    '',
    ...rest.flatMap((group) => verdictLines(group, { advice, nearest })),
    ...shared.flatMap((refusal) => refusalLines(refusal, nearest)),
    ...(telling === 'short' ? [...engineLines(groups), ''] : []),
    ...levelLines(rest),
    `From ${source}.${telling === 'short' ? ' Add --all to see the reasons of every engine.' : ''}`,
  ]
    .map((line) => printable(line).trimEnd())
    .join('\n');
}

export interface Extras {
  /** The source of the answer, as sentences name it. */
  readonly source: string;
  /** The workers whose verdicts the model has. */
  readonly workers: readonly NamedWorker[];
  readonly copies: readonly string[];
  readonly advice: ReadonlyMap<string, Advice>;
  /** Worker id -> a sentence about the copy that it runs, where it refuses the model. */
  readonly nearest: ReadonlyMap<string, string>;
  /** The best file for the device that was asked for. */
  readonly fit?: FitAnswer | undefined;
}

const MOST_COPIES = 5;

type Facts = MatrixModel['facts'];

function factLines(facts: Facts, detailed: boolean): string[] {
  const row = (
    label: string,
    fact: Fact<string | number>,
    show: (value: string | number) => string = String,
  ) =>
    fact === 'unknown'
      ? `  ${label.padEnd(18)}unknown`
      : `  ${label.padEnd(18)}${show(fact.value).padEnd(32)} from the ${SOURCE_WORDS[fact.source]}`;
  const plain = (label: string, text: string) => `  ${label.padEnd(18)}${text}`;
  return [
    row('kind', facts.kind),
    row('task', facts.task),
    row('family', facts.architecture),
    row('model_type', facts.modelType),
    row('model class', facts.architectureClass),
    row('GGUF architecture', facts.ggufArchitecture),
    row('quantization', facts.quantizationMethod),
    row('parameters', facts.parameters.total, (n) => inBillions(Number(n))),
    ...(isMixture(facts)
      ? [row('active per token', facts.parameters.active, (n) => inBillions(Number(n)))]
      : []),
    row('context', facts.contextLength, (n) => `${n} tokens`),
    ...(facts.slidingWindow === 'unknown'
      ? []
      : [row('sliding window', facts.slidingWindow, (n) => `${n} tokens`)]),
    plain('gated', facts.gated),
    ...(detailed ? [plain('license', facts.license)] : []),
    ...(facts.baseModels.ids.length > 0
      ? [plain('base model', `${facts.baseModels.ids.join(', ')} (${facts.baseModels.relation})`)]
      : []),
    plain('downloads', `${facts.downloads} in 30 days, ${facts.likes} likes`),
    ...facts.notes.map((note) => plain('note', note)),
    ...(facts.variants.length > 0 ? variantLines(facts) : []),
  ];
}

function isMixture({ parameters: { total, active } }: Facts): boolean {
  return total !== 'unknown' && active !== 'unknown' && total.value !== active.value;
}

const MOST_VARIANTS = 40;

function variantLines({ variants }: Facts): string[] {
  const rows = variants
    .slice(0, MOST_VARIANTS)
    .map(({ id, sizeBytes, files, weightShards, missingShards }) => {
      const size = sizeInWords(sizeBytes, files.length > 0);
      const [first] = files;
      const parts =
        first === undefined
          ? `in ${weightShards} ${weightShards === 1 ? 'file' : 'files'}`
          : files.length === 1
            ? first
            : `${files.length} files, ${first} ...`;
      return `    ${id.padEnd(24)}${size.padStart(12)}  ${parts}${typeof missingShards === 'number' && missingShards > 0 ? `  (${missingShards} parts missing)` : ''}`;
    });
  const more = variants.length - rows.length;
  return ['  variants', ...rows, ...(more > 0 ? [`    and ${more} more`] : [])];
}

/** Returns the size in words; nothing where it was not kept. */
function sizeInWords(sizeBytes: number | 'unknown', isKept: boolean): string {
  if (!isKept) return '';
  return sizeBytes === 'unknown' ? 'size unknown' : `${(sizeBytes / 1e9).toFixed(2)} GB`;
}

const MARKS = { compatible: '✓', incompatible: '✗', unknown: '?' } as const;
const WORDS = { compatible: 'runs', incompatible: 'does not run', unknown: 'unknown' } as const;

function verdictLines(
  group: VerdictGroup,
  { advice, nearest }: Pick<Extras, 'advice' | 'nearest'>,
): string[] {
  const { program, workers, verdict, gate, factsDate } = group;
  const memory = advice.get(workers[0] ?? '');
  const devices = memory === undefined ? undefined : describeDevices(memory);
  const state =
    WORDS[verdict.status] +
    (verdict.compatible ? `, confidence ${verdict.confidence} (${standingOf(verdict)})` : '');
  const dated = gate || factsDate === undefined ? '' : ` [facts of ${factsDate}]`;
  return [
    `${MARKS[verdict.status]} ${mergeNames(program, workers)}: ${state}${dated}`,
    ...verdict.reasons.map((reason, at) => `    ${reason} [${verdict.reasonCodes[at]}]`),
    ...verdict.warnings.map((warning) => `    ! ${warning}`),
    ...(verdict.variants.length > 0
      ? [
          `    files: ${verdict.variants.map((id) => (id === verdict.recommendedVariant ? `${id} (take this)` : id)).join(', ')}`,
        ]
      : []),
    ...(memory === undefined ? [] : [`    ${describeMemory(memory.memory)}`]),
    ...(devices === undefined ? [] : [`    ${devices}`]),
    ...adviceLines([group], nearest),
    '',
  ];
}

/** Returns lines about engines that refuse for one reason, and what each of them would take. */
function refusalLines({ sentence, groups }: SharedRefusal, nearest: Extras['nearest']): string[] {
  return [`✗ ${sentence} [${groups[0]?.verdict.reasonCodes[0]}]`, ...adviceLines(groups, nearest), ''];
}

/**
 * Returns lines that name what would help, each once: first the copy that runs, then the tools that convert.
 */
function adviceLines(groups: readonly VerdictGroup[], nearest: Extras['nearest']): string[] {
  const copies = groups.flatMap(({ workers }) => workers.flatMap((id) => nearest.get(id) ?? []));
  const tools = groups.flatMap(({ verdict }) => verdict.recommendations);
  return [...new Set([...copies, ...tools])].map((advice) => `    > ${advice}`);
}

/** Returns lines that explain the levels of confidence used above. */
function levelLines(groups: readonly VerdictGroup[]): string[] {
  const used = new Set(groups.map(({ verdict }) => verdict.confidence));
  const levels = (['high', 'medium', 'low'] as const).filter((level) => used.has(level));
  return levels.map((level) => `confidence ${level}: ${CONFIDENCE_WORDS[level]}.`);
}

/** Merges the names of a program's workers: `llm-worker-rbee-{cpu,rocm}`. */
function mergeNames(program: string, workers: readonly string[]): string {
  if (workers.length < 2) return workers.join('');
  return `${program}-{${workers.map((id) => id.slice(program.length + 1)).join(',')}}`;
}

/** Returns the same answer for machines. */
export function explainJson(
  { id, facts, verdicts, detailed }: MatrixModel,
  { copies, advice, nearest, workers, source, fit }: Extras,
): string {
  const memory = [...advice].map(([worker, { memory: estimate, bestOn }]) => [
    worker,
    { ...estimate, bestOn: Object.fromEntries(bestOn) },
  ]);
  const answer = {
    id,
    answer: verdictLine(groupVerdicts(verdicts, workers)),
    from: source,
    facts: keptFacts(facts, detailed),
    ...(detailed ? {} : { notKept: notKept(facts) }),
    copies,
    nearest: Object.fromEntries(nearest),
    ...(fit === undefined ? {} : { fit }),
    memory: Object.fromEntries(memory),
    verdicts: Object.fromEntries(verdicts),
  };
  return escapeControls(JSON.stringify(answer, null, 2));
}

/** The facts that no refusal rests on: out/ keeps them of allowlisted models only. */
const NOT_KEPT: readonly (keyof Facts)[] = [
  'sha',
  'license',
  'createdAt',
  'lastModified',
  'customCode',
  'notes',
];

/**
 * Returns the facts that are not kept of a model off the allowlist; the base is kept where the model is a
 * copy.
 */
function notKept({ baseModels }: Facts): readonly string[] {
  return baseModels.ids.length > 0 ? NOT_KEPT : [...NOT_KEPT, 'baseModels'];
}

/** Leaves out facts that were not kept: they may well be known. */
function keptFacts(facts: Facts, detailed: boolean): object {
  if (detailed) return facts;
  const left = notKept(facts);
  const kept = Object.entries(facts).filter(([name]) => !left.includes(name));
  const variants = facts.variants.map(({ files: _, sizeBytes, ...variant }) =>
    sizeBytes === 'unknown' ? variant : { ...variant, sizeBytes },
  );
  return { ...Object.fromEntries(kept), variants };
}
