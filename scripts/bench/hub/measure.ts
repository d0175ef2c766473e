/**
 * Computes the figures of profile.json from listing records. It keeps figures, and names that many owners use, but no
 * record and no repo id.
 */
import { groupBy } from '../../../pipeline/lib/group.ts';
import { patternsOf } from './patterns.ts';
import {
  KINDS,
  type Kind,
  type KindProfile,
  type Layout,
  type Profile,
  QUANTILES,
  type Quantiles,
  RELATIONS,
  type Relation,
  type Weights,
} from './profile.ts';

export interface MeasuredRecord {
  readonly id: string;
  readonly siblings?: readonly { readonly rfilename: string }[];
  readonly tags?: readonly string[];
  readonly pipeline_tag?: string;
  readonly library_name?: string;
  readonly config?: { readonly model_type?: string; readonly architectures?: readonly string[] };
}

/** The number of repositories from which a layout is common. */
const COMMON_LAYOUT = 5;
/** The number of owners from which a word is common vocabulary. */
const COMMON_WORD = 10;
/** The number of owners from which a file beside the weights is common. */
const COMMON_FILE = 3;
const TOP_OWNERS = 15;
const WEIGHT_FILE = /\.(?:gguf|safetensors|bin|pt|pth|ckpt|h5|onnx|msgpack)$|\.gguf/i;
const LABEL = /(?:UD-|i1-)?(?:I?Q\d_(?:[A-Z0-9]+_?)*[A-Z0-9]|TQ\d_\d|BF16|F16|F32|MXFP4(?:_MOE)?)(?=[._-]|$)/;
const METHODS = ['mlx', 'awq', 'gptq', 'bitsandbytes', 'fp8', 'compressed-tensors', 'exl2'];

export function measureProfile(records: readonly MeasuredRecord[]): Profile {
  const counts = records.map((record) => filesOf(record).length);
  const tags = records.map((record) => record.tags?.length ?? 0);
  return {
    about:
      'Measured by scripts/bench/measure-profile.ts on 9,716 repositories of the Hub, collected from public catalogs between 2023 and August 2026: GGUF repositories are far more frequent in it than on the Hub. Only figures and names that many owners use.',
    repositories: records.length,
    filesPerRepo: { mean: round(mean(counts)), quantiles: quantiles(counts) },
    bytes: {
      record: round(mean(records.map(bytesOf))),
      siblings: round(mean(records.map(({ siblings }) => bytesOf(siblings ?? [])))),
      tags: round(mean(records.map((record) => bytesOf(record.tags ?? [])))),
    },
    tagsPerRepo: { mean: round(mean(tags)) },
    kinds: measureKinds(records),
    names: measureNames(records),
    tags: measureTags(records),
    ggufLabels: measureLabels(records),
    methods: measureMethods(records),
    ...measureTypes(records),
  };
}

function filesOf({ siblings = [] }: MeasuredRecord): string[] {
  return siblings.map(({ rfilename }) => rfilename);
}

/** Returns the kind of a repository by its files. The test of the generator sorts its records by it, too. */
export function kindOf(record: MeasuredRecord): Kind {
  const files = filesOf(record).map((path) => path.toLowerCase());
  const some = (...ends: string[]) => files.some((path) => ends.some((end) => path.endsWith(end)));
  if (files.some((path) => path.includes('.gguf'))) return 'gguf';
  if (files.includes('model_index.json')) return 'diffusers';
  if (files.includes('adapter_config.json') || files.some((path) => /adapter_model|lora_weights/.test(path)))
    return 'adapter';
  if (some('.safetensors')) return 'safetensors';
  return some('.bin', '.pt', '.pth', '.ckpt') ? 'pytorch' : 'other';
}

export function relationOf({ tags = [] }: MeasuredRecord): Relation {
  const named = tags.map((tag) => /^base_model:(quantized|finetune|adapter|merge):/.exec(tag)?.[1]);
  return RELATIONS.find((relation) => named.includes(relation)) ?? 'none';
}

function ownerOf({ id }: MeasuredRecord): string {
  return id.split('/')[0] ?? '';
}

function nameOf({ id }: MeasuredRecord): string {
  return id.split('/')[1] ?? id;
}

function measureKinds(records: readonly MeasuredRecord[]): Profile['kinds'] {
  const byKind = groupBy(records, kindOf);
  const measured = KINDS.map((kind) => [kind, measureKind(byKind.get(kind) ?? [], records.length)]);
  return Object.fromEntries(measured) as Profile['kinds'];
}

function measureKind(records: readonly MeasuredRecord[], all: number): KindProfile {
  const byLayout = groupBy(records, (record) => patternsOf(filesOf(record), nameOf(record)).join('\n'));
  const sets = [...byLayout].sort(([, a], [, b]) => b.length - a.length);
  const layouts: Layout[] = sets
    .filter(([, { length }]) => length >= COMMON_LAYOUT)
    .map(([text, { length }]) => ({ weight: length, files: text.split('\n') }));
  const rare = sets.filter(([, { length }]) => length < COMMON_LAYOUT).flatMap(([, members]) => members);
  return {
    share: round(records.length / all, 4),
    relations: count(records.map(relationOf)),
    layouts,
    rare: { weight: rare.length, files: quantiles(rare.map((record) => filesOf(record).length)) },
    besides: usedByMany(
      rare,
      (record) => filesOf(record).filter((path) => !WEIGHT_FILE.test(path)),
      COMMON_FILE,
    ),
    tagsPerRepo: quantiles(records.map(({ tags = [] }) => tags.length)),
    tasks: usedByMany(records, ({ pipeline_tag: task }) => (task === undefined ? [] : [task]), 2),
    libraries: usedByMany(records, ({ library_name: name }) => (name === undefined ? [] : [name]), 2),
  };
}

function measureNames(records: readonly MeasuredRecord[]): Profile['names'] {
  const owners = Object.values(count(records.map(ownerOf)));
  return {
    length: quantiles(records.map((record) => nameOf(record).replace(/[-_.](?:i1-)?gguf$/i, '').length)),
    words: usedByMany(records, (record) => nameOf(record).split(/[-_]/), COMMON_WORD),
    topOwners: owners.slice(0, TOP_OWNERS).map((repositories) => round(repositories / records.length, 4)),
    owners: owners.length,
  };
}

/** Matches tags that name another repository, a paper or a license. They are made by rules, and not counted here. */
const MADE_TAG = /^(?:base_model|dataset|arxiv|doi|license|region):/;

function measureTags(records: readonly MeasuredRecord[]): Profile['tags'] {
  const free = ({ tags = [] }: MeasuredRecord) => tags.filter((tag) => !MADE_TAG.test(tag));
  const common = usedByMany(records, free, COMMON_WORD);
  const all = records.flatMap(free).length;
  const every = records.flatMap(({ tags = [] }) => tags);
  const shareOf = (start: string) => every.filter((tag) => tag.startsWith(start)).length / every.length;
  const licenses = ({ tags = [] }: MeasuredRecord) => tags.filter((tag) => tag.startsWith('license:'));
  return {
    common,
    rareShare: round(1 - sum(Object.values(common)) / all, 4),
    datasetShare: round(shareOf('dataset:'), 4),
    paperShare: round(shareOf('arxiv:'), 4),
    licenses: usedByMany(records, (record) => licenses(record).map((tag) => tag.slice(8)), COMMON_WORD),
  };
}

function measureLabels(records: readonly MeasuredRecord[]): Weights {
  const labels = (record: MeasuredRecord) =>
    filesOf(record)
      .filter((path) => path.endsWith('.gguf'))
      .flatMap((path) => LABEL.exec(path)?.[0] ?? []);
  return usedByMany(records, labels, COMMON_WORD);
}

function measureMethods(records: readonly MeasuredRecord[]): Weights {
  const copies = records.filter(
    (record) => kindOf(record) === 'safetensors' && relationOf(record) === 'quantized',
  );
  return count(
    copies.map(({ tags = [] }) => METHODS.find((method) => tags.includes(method)) ?? 'undeclared'),
  );
}

function measureTypes(records: readonly MeasuredRecord[]): Pick<Profile, 'modelTypes' | 'rareTypeShare'> {
  const typed = records.filter(({ config }) => config?.model_type !== undefined);
  const byType = groupBy(typed, ({ config }) => config?.model_type ?? '');
  const frequent = [...byType]
    .filter(([, { length }]) => length > 1)
    .sort(([, a], [, b]) => b.length - a.length);
  const modelTypes = frequent.map(([type, members]) => {
    const classes = Object.keys(count(members.flatMap(({ config }) => config?.architectures?.[0] ?? [])));
    return { type, className: classes[0] ?? '', weight: members.length };
  });
  return {
    modelTypes,
    rareTypeShare: round(1 - sum(frequent.map(([, { length }]) => length)) / typed.length, 4),
  };
}

/** Counts the words of records, without those that fewer owners use, the most frequent first. */
function usedByMany(
  records: readonly MeasuredRecord[],
  wordsOf: (record: MeasuredRecord) => readonly string[],
  fewestOwners: number,
): Weights {
  const owners = new Map<string, Set<string>>();
  const words = records.flatMap((record) => {
    const used = wordsOf(record);
    for (const word of used) owners.set(word, (owners.get(word) ?? new Set()).add(ownerOf(record)));
    return used;
  });
  return count(words.filter((word) => word !== '' && (owners.get(word)?.size ?? 0) >= fewestOwners));
}

/** Counts words, the most frequent first; equally frequent ones are sorted by their letters. */
function count(words: readonly string[]): Weights {
  const counts = [...groupBy(words, (word) => word)].map(([word, { length }]) => [word, length] as const);
  const sorted = counts.sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
  return Object.fromEntries(sorted);
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function quantiles(values: readonly number[]): Quantiles {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.length === 0
    ? []
    : QUANTILES.map((share) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
