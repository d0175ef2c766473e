/** The files of a model and of its copies in one list: bits, size, the devices that hold them, and why some do not run. */
import type { Worker } from '../data/worker.ts';
import { estimateMemory } from '../evaluate/memory.ts';
import type { ReasonCode } from '../evaluate/verdict.ts';
import type { Format, Variant } from '../extract/metadata.ts';
import type { MatrixModel } from '../format/decode.ts';
import { bitsOf, type Copies } from './best-file.ts';

/** `yes` and `no`; `maybe`: it holds the weights, and what comes on top is not known; undefined: no size is known. */
export type Fits = 'yes' | 'no' | 'maybe' | undefined;

export interface CopyFile {
  readonly model: string;
  readonly variant: Variant;
  /** The average bits of a weight; 0 where neither the label nor the size tells. */
  readonly bits: number;
  /** An answer for each device; empty where none of the workers runs it. */
  readonly fits: readonly Fits[];
  /** The reason why none of the workers runs it; undefined where one does. */
  readonly refusal: ReasonCode | undefined;
}

/** The fields of a worker that the list depends on; workers.json has them. */
interface ReadingWorker extends Pick<Worker, 'id' | 'backend' | 'memory'> {
  readonly accepts: readonly { readonly format: Format; readonly splitWeights?: unknown }[];
}

export interface CopyFilesQuestion {
  readonly workers: readonly ReadingWorker[];
  /** The memory of devices in GB. */
  readonly devices: readonly number[];
}

/** Returns the files of the model itself, then those of its copies: of both, those that some worker runs come first. */
export function copyFiles(copies: Copies, question: CopyFilesQuestion): CopyFile[] {
  const rows = copies.models.flatMap((model, place) =>
    model.facts.variants.map((variant) => ({
      place,
      row: rowOf(model, variant, { ...copies, ...question }),
    })),
  );
  const refused = ({ refusal }: CopyFile) => Number(refusal !== undefined);
  return rows
    .sort((a, b) => Number(a.place > 0) - Number(b.place > 0) || refused(a.row) - refused(b.row))
    .map(({ row }) => row);
}

function rowOf(
  model: MatrixModel,
  variant: Variant,
  { workers, devices, bitsPerWeight }: CopyFilesQuestion & Pick<Copies, 'bitsPerWeight'>,
): CopyFile {
  const row = { model: model.id, variant, bits: bitsOf(model, variant.id, bitsPerWeight) };
  const worker = workers.find(({ id }) => model.verdicts.get(id)?.variants.includes(variant.id));
  if (worker === undefined) return { ...row, fits: [], refusal: refusalOf(model, variant, workers) };
  const { grade, fits } = estimateMemory(model.facts, worker, { variant, bitsPerWeight });
  const answer = (gb: number): Fits => {
    if (grade === 'unknown') return undefined;
    if (!fits(gb)) return 'no';
    return grade === 'at least' ? 'maybe' : 'yes';
  };
  return { ...row, fits: devices.map(answer), refusal: undefined };
}

/**
 * Returns why none of the workers runs a file: where another file of the model runs, by what sets this one apart; else by
 * the verdict of the worker that came furthest.
 */
function refusalOf(
  { verdicts }: MatrixModel,
  variant: Variant,
  workers: readonly ReadingWorker[],
): ReasonCode | undefined {
  const own = workers.flatMap(({ id }) => verdicts.get(id) ?? []);
  if (own.some(({ compatible }) => compatible)) return codeOfFile(variant, workers);
  const furthest = own.find(({ reasonCodes: [code] }) => code !== 'kind_unsupported') ?? own[0];
  return furthest?.reasonCodes[0];
}

function codeOfFile(
  { format, weightShards, missingShards }: Variant,
  workers: readonly ReadingWorker[],
): ReasonCode {
  if (missingShards !== 0 && missingShards !== 'unknown') return 'weights_incomplete';
  const accepts = workers.flatMap((worker) => worker.accepts.filter((one) => one.format === format));
  if (accepts.length === 0) return 'format_unsupported';
  const takesParts = accepts.some(({ splitWeights }) => splitWeights === true);
  return weightShards !== 1 && !takesParts ? 'split_weights_unsupported' : 'quantization_unsupported';
}
