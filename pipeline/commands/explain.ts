/** One model, explained: its facts with their sources, and for every worker whether it runs, why, and what would help. */

import type { Fact, ModelMetadata } from '../extract/metadata.ts';
import type { MatrixModel } from '../format/decode.ts';
import { escapeControls, printable } from '../lib/printable.ts';
import { inBillions, SOURCE_WORDS } from '../lib/words.ts';
import { type Advice, describeDevices, describeMemory } from '../read/advice.ts';
import { groupVerdicts, type NamedWorker, type VerdictGroup } from '../read/groups.ts';

export function explainText({ id, facts, verdicts, detailed }: MatrixModel, extras: Extras): string {
  const { copies, advice, workers } = extras;
  return [
    `${id}${facts.sha === 'unknown' ? '' : `  @ ${facts.sha.slice(0, 8)}`}`,
    '',
    ...factLines(facts, detailed),
    ...(copies.length > 0 ? ['', `  the same weights   ${copies.slice(0, MOST_COPIES).join(', ')}`] : []),
    '',
    ...groupVerdicts(verdicts, workers).flatMap((group) => verdictLines(group, advice)),
  ]
    .map((line) => printable(line).trimEnd())
    .join('\n');
}

export interface Extras {
  /** Those whose verdicts the model has. */
  readonly workers: readonly NamedWorker[];
  readonly copies: readonly string[];
  readonly advice: ReadonlyMap<string, Advice>;
}

const MOST_COPIES = 5;

type Facts = Omit<
  ModelMetadata,
  | 'id'
  | 'filesKnown'
  | 'companions'
  | 'private'
  | 'disabled'
  | 'configUnreadable'
  | 'configRead'
  | 'experts'
  | 'otherClasses'
>;

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
    row('class', facts.architectureClass),
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
    ...(detailed ? variantLines(facts) : []),
  ];
}

function isMixture({ parameters: { total, active } }: Facts): boolean {
  return total !== 'unknown' && active !== 'unknown' && total.value !== active.value;
}

const MOST_VARIANTS = 40;

function variantLines({ variants }: Facts): string[] {
  const rows = variants.slice(0, MOST_VARIANTS).map(({ id, sizeBytes, files, missingShards }) => {
    const size = sizeBytes === 'unknown' ? 'size unknown' : `${(sizeBytes / 1e9).toFixed(2)} GB`;
    const parts = files.length === 1 ? (files[0] ?? '') : `${files.length} files, ${files[0]} ...`;
    return `    ${id.padEnd(24)}${size.padStart(12)}  ${parts}${typeof missingShards === 'number' && missingShards > 0 ? `  (${missingShards} parts missing)` : ''}`;
  });
  const more = variants.length - rows.length;
  return ['  variants', ...rows, ...(more > 0 ? [`    and ${more} more`] : [])];
}

const MARKS = { compatible: '✓', incompatible: '✗', unknown: '?' } as const;
const WORDS = { compatible: 'runs', incompatible: 'does not run', unknown: 'unknown' } as const;

function verdictLines({ program, workers, verdict }: VerdictGroup, advice: Extras['advice']): string[] {
  const memory = advice.get(workers[0] ?? '');
  const devices = memory === undefined ? undefined : describeDevices(memory);
  const state = WORDS[verdict.status] + (verdict.compatible ? `, confidence ${verdict.confidence}` : '');
  return [
    `${MARKS[verdict.status]} ${mergeNames(program, workers)}: ${state}`,
    ...verdict.reasons.map((reason, at) => `    ${reason} [${verdict.reasonCodes[at]}]`),
    ...verdict.warnings.map((warning) => `    ! ${warning}`),
    ...(verdict.variants.length > 0
      ? [
          `    files: ${verdict.variants.map((id) => (id === verdict.recommendedVariant ? `${id} (take this)` : id)).join(', ')}`,
        ]
      : []),
    ...(memory === undefined ? [] : [`    ${describeMemory(memory)}`]),
    ...(devices === undefined ? [] : [`    ${devices}`]),
    ...verdict.recommendations.map((advice) => `    > ${advice}`),
    '',
  ];
}

/** `llm-worker-rbee-{cpu,rocm}` */
function mergeNames(program: string, workers: readonly string[]): string {
  if (workers.length < 2) return workers.join('');
  return `${program}-{${workers.map((id) => id.slice(program.length + 1)).join(',')}}`;
}

/** The same answer for machines. */
export function explainJson(
  { id, facts, verdicts, detailed }: MatrixModel,
  { copies, advice }: Extras,
): string {
  const memory = [...advice].map(([worker, { variant, memory: estimate, bestOn }]) => [
    worker,
    'unknown' in estimate
      ? { variant, ...estimate }
      : {
          variant,
          ...estimate,
          cacheBytes: Object.fromEntries(estimate.cacheBytes),
          bestOn: Object.fromEntries(bestOn),
        },
  ]);
  const answer = {
    id,
    detailed,
    facts,
    copies,
    memory: Object.fromEntries(memory),
    verdicts: Object.fromEntries(verdicts),
  };
  return escapeControls(JSON.stringify(answer, null, 2));
}
