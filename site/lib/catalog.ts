/**
 * The facts that lists and the search know of models: those of each that has a page in short, and of the most
 * downloaded others why they have none.
 */
import type { MatrixModel } from '../../pipeline/format/decode.ts';
import { downloadsOf } from '../client/find.ts';
import { gateWorkers, hasPage, matrix, oddPaths, siteWorkers, workers } from './matrix.ts';
import type { RefusedIndex, SiteIndex } from './site-index.ts';

/** The facts that a row of a list shows of a model. */
export interface Listing {
  readonly id: string;
  readonly kind: string;
  readonly parameters: number | 'unknown';
  readonly contextLength: number | 'unknown';
  /** The smallest choice that a worker of the marketplace runs. */
  readonly smallestBytes: number | 'unknown';
  readonly quantizations: readonly string[];
  /** The day of the last change. */
  readonly changed: string | 'unknown';
  /** The number of programs that run it. */
  readonly programs: number;
  /** The confidence with which each worker runs the model, or nothing, with commas between them. */
  readonly confidences: string;
}

/** The texts that were met so far: one of equal texts is kept, as many models run on the same workers. */
const texts = new Map<string, string>();
function once(text: string): string {
  const known = texts.get(text) ?? text;
  texts.set(text, known);
  return known;
}

const programOf = new Map(workers.map(({ id, program }) => [id, program]));

let reading: Promise<ReadonlyMap<string, Listing>> | undefined;

/** Returns all models that have a page, by id; they are read once. */
export function listings(): Promise<ReadonlyMap<string, Listing>> {
  reading ??= readListings();
  return reading;
}

async function readListings(): Promise<ReadonlyMap<string, Listing>> {
  const found = new Map<string, Listing>();
  for await (const model of matrix.find(await matrix.allowlist())) found.set(model.id, listingOf(model));
  return found;
}

function listingOf({ id, facts, verdicts }: MatrixModel): Listing {
  const running = new Set(gateWorkers.flatMap((worker) => verdicts.get(worker.id)?.variants ?? []));
  const variants = facts.variants.filter((variant) => running.has(variant.id));
  const sizes = variants.flatMap(({ sizeBytes }) => (sizeBytes === 'unknown' ? [] : [sizeBytes]));
  const labels = variants.flatMap(({ quantization }) =>
    quantization === 'unknown' ? [] : [quantization.value],
  );
  const programs = [...verdicts].flatMap(([worker, verdict]) =>
    verdict.compatible ? [programOf.get(worker)] : [],
  );
  return {
    id,
    kind: facts.kind === 'unknown' ? 'unknown' : facts.kind.value,
    parameters: facts.parameters.total === 'unknown' ? 'unknown' : facts.parameters.total.value,
    contextLength: facts.contextLength === 'unknown' ? 'unknown' : facts.contextLength.value,
    smallestBytes: sizes.length === 0 ? 'unknown' : Math.min(...sizes),
    quantizations: [...new Set(labels)].sort(),
    changed: facts.lastModified === 'unknown' ? 'unknown' : facts.lastModified.slice(0, 10),
    programs: new Set(programs).size,
    confidences: once(
      workers
        .map((worker) => verdicts.get(worker.id)?.confidence ?? 'none')
        .map((confidence) => (confidence === 'none' ? '' : confidence))
        .join(','),
    ),
  };
}

/** A listing with what search.json knows of it. */
export interface ListRow extends Listing {
  readonly formats: readonly string[];
  /** The smallest usual device that the model needs, in GB; 0: more than usual devices have, -1: unknown. */
  readonly device: number;
  readonly license: string;
  /** The number of downloads, to two digits. */
  readonly downloads: number;
}

/** search.json by id. */
let indexed: Promise<ReadonlyMap<string, Omit<ListRow, keyof Listing>>> | undefined;

async function readIndex(): Promise<ReadonlyMap<string, Omit<ListRow, keyof Listing>>> {
  const index = await matrix.search();
  const downloads = downloadsOf(index);
  return new Map(
    index.ids.map((id, at) => {
      const [, formats, license] = index.groups[index.group[at] ?? -1] ?? ['', [], 'unknown'];
      return [id, { formats, license, device: index.device[at] ?? -1, downloads: downloads[at] ?? 0 }];
    }),
  );
}

/** Returns the rows of a list of models, in its order; those without a page are left out. */
export async function listRows(ids: readonly string[]): Promise<ListRow[]> {
  if (ids.length === 0) return [];
  indexed ??= readIndex();
  const [index, all] = [await indexed, await listings()];
  return ids.flatMap((id) => {
    const [listing, found] = [all.get(id), index.get(id)];
    return listing === undefined || found === undefined ? [] : [{ ...listing, ...found }];
  });
}

/** Each distinct value once, and the number of each that was asked for. */
function numberer() {
  const numbers = new Map<string, number>();
  return {
    numberOf: (value: string) => {
      const known = numbers.get(value) ?? numbers.size;
      numbers.set(value, known);
      return known;
    },
    values: () => [...numbers.keys()],
  };
}

/** Few digits tell enough, and take less room. */
const short = (n: number | 'unknown', unit: number, digits = 2) =>
  n === 'unknown' ? -1 : Number((n / unit).toPrecision(digits));

/** Returns what the search of the site loads: search.json of out/, with the facts that one searches for beside the names. */
export async function siteIndex(): Promise<SiteIndex> {
  const [{ device: _, ...index }, all] = [await matrix.search(), await listings()];
  const [sets, kinds] = [numberer(), numberer()];
  const rows = index.ids.map((id) => all.get(id));
  const columns = {
    set: rows.map((row) => sets.numberOf((row?.quantizations ?? []).join(' '))),
    kind: rows.map((row) => kinds.numberOf(row?.kind ?? 'unknown')),
    millions: rows.map((row) => short(row?.parameters ?? 'unknown', 1e6)),
    thousands: rows.map((row) => short(row?.contextLength ?? 'unknown', 1024, 3)),
    smallest: rows.map((row) => short(row?.smallestBytes ?? 'unknown', 1e9)),
  };
  return {
    ...index,
    ...columns,
    sets: sets.values(),
    kinds: kinds.values(),
    names: siteWorkers,
    paths: oddPaths(),
  };
}

/** The models without a page that somebody may look for: few are looked for that are not among them. */
const MOST_REFUSED = 3_000;

/** Returns the most downloaded models that have no page, each with the sentence that says why. */
export async function refusedIndex(): Promise<RefusedIndex> {
  const most = MOST_REFUSED + (await matrix.allowlist()).length;
  const ids = (await matrix.mostDownloaded(most)).filter((id) => !hasPage(id)).slice(0, MOST_REFUSED);
  const [reasons, kinds] = [numberer(), numberer()];
  const rows = new Map<string, readonly [reason: number, kind: number]>();
  for await (const { id, facts, verdicts } of matrix.find(ids)) {
    const kind = facts.kind === 'unknown' ? 'unknown' : facts.kind.value;
    rows.set(id, [reasons.numberOf(decidingReason(verdicts)), kinds.numberOf(kind)]);
  }
  const known = ids.filter((id) => rows.has(id));
  return {
    ids: known,
    reason: known.map((id) => rows.get(id)?.[0] ?? -1),
    kind: known.map((id) => rows.get(id)?.[1] ?? -1),
    reasons: reasons.values(),
    kinds: kinds.values(),
  };
}

/** Returns the reason of the worker that came furthest: one that runs another kind of model says nothing about this one. */
function decidingReason(verdicts: MatrixModel['verdicts']): string {
  const refusals = gateWorkers.flatMap(({ id }) => verdicts.get(id) ?? []);
  const furthest = refusals.find(({ reasonCodes: [code] }) => code !== 'kind_unsupported') ?? refusals[0];
  return furthest?.reasons[0] ?? '';
}
