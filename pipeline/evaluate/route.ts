/**
 * Looks at one model through one way into a worker: which of its variants come into question, and which would
 * load.
 */
import type { Accept, FactsOf, MethodLimits } from '../data/worker.ts';
import {
  factValue,
  type ModelMetadata,
  ONNX_PRECISIONS,
  type StoredGroup,
  UNCLEAR_STORAGE,
  type Variant,
} from '../extract/metadata.ts';
import { storedIn } from './sentences.ts';

/** One model, looked at through one way into a worker. */
export interface Route {
  readonly model: ModelMetadata;
  readonly accept: Accept;
  readonly workerName: string;
  /**
   * All formats that the worker reads, in words, for the sentence about a repository that has none of them.
   */
  readonly formats: readonly string[];
  /** The day and names of the worker's facts; undefined of a worker that a caller describes by hand. */
  readonly facts?: FactsOf | undefined;
  /** The variants of the right format, in a place where the worker looks. */
  readonly candidates: readonly Variant[];
  /** The candidates whose quantization the worker reads. */
  readonly surviving: Surviving;
  /** The surviving variants that the worker loads, as far as the files themselves decide. */
  readonly loadable: readonly Variant[];
}

export function routeFor(given: Omit<Route, 'candidates' | 'surviving' | 'loadable'>): Route {
  const { model, accept } = given;
  const found = candidates(model, accept);
  const survivors = found.length === 0 ? NONE : surviving(found, accept);
  const loadable = survivors.passing.filter(
    (variant) => isWhole(variant, accept) && hasGraph(model, variant, accept),
  );
  // Written out: a spread takes longer than all the rest.
  return {
    model,
    accept,
    workerName: given.workerName,
    formats: given.formats,
    facts: given.facts,
    candidates: found,
    surviving: survivors,
    loadable,
  };
}

const NONE: Surviving = { passing: [], open: false, limits: [] };

/** Returns the variants of the right format, in a place where the worker looks. */
function candidates(model: ModelMetadata, accept: Accept): Variant[] {
  return model.variants.filter(
    ({ format, layout }) => format === accept.format && accept.layouts.includes(layout),
  );
}

interface Surviving {
  readonly passing: readonly Variant[];
  /** True where some variant does not state how it is quantized. */
  readonly open: boolean;
  /** The reasons why the worker does not read a method of the other variants that it reads in part. */
  readonly limits: readonly string[];
}

/** Returns the variants whose quantization the worker reads; where there is none, whether there might be. */
function surviving(variants: readonly Variant[], accept: Accept): Surviving {
  const passing: Variant[] = [];
  const limits: string[] = [];
  let open = false;
  for (const variant of variants) {
    const label = factValue(variant.quantization) ?? 'undeclared';
    const read = isRead(label, accept);
    const limit = read ? limitOf(variant, label, accept) : undefined;
    if (limit === 'unknown' || label === 'undeclared' || label === UNCLEAR_STORAGE) open = true;
    else if (limit !== undefined) limits.push(limit);
    if (limit === undefined && read) passing.push(variant);
  }
  return { passing, open, limits };
}

/**
 * Returns the part of the variant's method that the worker does not read; undefined where it reads all of it.
 */
function limitOf({ storage }: Variant, label: string, { methods }: Accept): string | undefined {
  const limits = methods?.[label];
  if (limits === undefined) return undefined;
  if (storage === undefined || storage.length === 0) return 'unknown';
  return storage.map((group) => groupLimit(group, limits)).find((limit) => limit !== undefined);
}

function groupLimit(
  group: StoredGroup,
  { bits, formats, groupSizes, groupIndex }: MethodLimits,
): string | undefined {
  if (formats !== undefined && !formats.includes(group.format)) return storedIn.format(group.format);
  if (bits !== undefined && group.bits === undefined) return 'unknown';
  if (bits !== undefined && group.bits !== undefined && !bits.includes(group.bits))
    return storedIn.bits(group.bits);
  if (groupSizes !== undefined && !groupSizes.includes(group.groupSize ?? 0))
    return group.groupSize === undefined ? 'unknown' : storedIn.groups(group.groupSize);
  if (groupIndex === false) return group.actOrder === true ? storedIn.gIndex : 'unknown';
  return undefined;
}

/** Tells whether the way in reads the label. */
export function isRead(label: string, accept: Accept): boolean {
  let labels = LABELS.get(accept);
  if (labels === undefined) {
    const any = accept.quantizations.includes('any');
    labels = { any, named: new Set(any ? accept.exceptQuantizations : accept.quantizations) };
    LABELS.set(accept, labels);
  }
  return labels.any !== labels.named.has(label);
}

/** The labels that a way in names, as a set: a repository has dozens of variants, and a program reads dozens of labels. */
const LABELS = new WeakMap<Accept, { readonly any: boolean; readonly named: ReadonlySet<string> }>();

/**
 * Tells whether the variant holds one of the graphs that the program opens by name for this kind of model.
 */
export function hasGraph(model: ModelMetadata, { files }: Variant, { graphs }: Accept): boolean {
  const wanted = graphs?.[factValue(model.kind) ?? 'other'];
  return wanted === undefined || wanted.some((graph) => files.some((path) => isGraphOf(path, graph)));
}

/**
 * Tells whether the file is a graph in some precision: `onnx/model_q4.onnx` is `onnx/model`;
 * `onnx/model_merged.onnx` is not.
 */
export function isGraphOf(path: string, graph: string): boolean {
  if (!path.startsWith(graph) || !path.endsWith('.onnx')) return false;
  const ending = path.slice(graph.length, -'.onnx'.length);
  return ending === '' || (ending.startsWith('_') && ONNX_PRECISIONS.has(ending.slice(1)));
}

export function isWhole({ missingShards, weightShards }: Variant, { splitWeights }: Accept): boolean {
  return missingShards === 0 && (splitWeights || weightShards === 1);
}
