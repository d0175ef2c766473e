/** The details of repositories that are worth a request, found by judging what the listing alone says. */

import type { ModelMetadata } from '../extract/metadata.ts';
import type { HubRecord } from '../extract/record.ts';
import { compareNames } from '../lib/compare.ts';
import { isRepoId } from '../lib/repo-id.ts';

/** The name of a commit of a repository, whose details are kept for ever. */
export interface DetailKey {
  readonly _id: string;
  readonly id: string;
  readonly sha: string;
}

/** The details that are worth a request for one repository, beyond its listing. */
export interface WantedDetail {
  readonly key: DetailKey;
  readonly config: boolean;
  readonly sizes: boolean;
  /** The path of a GGUF file whose header is worth a look. */
  readonly header?: string;
  /**
   * True where a gate worker may run it; where only other engines do, it comes after those that a gate worker may run.
   */
  readonly gate: boolean;
  /** Downloads in 30 days; 0 where they are unknown. */
  readonly downloads: number;
}

export interface WantedDetails {
  /** The details of models that a gate worker may run, then those of others; both by downloads, the most first. */
  readonly details: readonly WantedDetail[];
  /**
   * The number of wanted details beyond the budget of models that a gate worker may run; `leftOthers` counts those of
   * other models.
   */
  readonly left: number;
  readonly leftOthers: number;
}

function compareWanted(a: WantedDetail, b: WantedDetail): number {
  return Number(b.gate) - Number(a.gate) || b.downloads - a.downloads || compareNames(a.key.id, b.key.id);
}

const OBJECT_ID = /^[0-9a-f]{24}$/;
const SHA = /^[0-9a-f]{40}$/;

/** Returns the key of a commit, or undefined where a part of it is missing or is not what the Hub writes. */
export function detailKey(record: {
  readonly _id?: string | undefined;
  readonly id: string;
  readonly sha?: string | undefined;
}): DetailKey | undefined {
  const { _id = '', id, sha = '' } = record;
  return OBJECT_ID.test(_id) && SHA.test(sha) && isRepoId(id) ? { _id, id, sha } : undefined;
}

/**
 * Returns the details of a model that are worth a request; undefined where none are. A request counts as a download, so the
 * caller asks only about models that some worker runs or a gate worker may run. `allowed`: whether a gate worker runs it;
 * `candidate`: whether one may.
 */
export function wantedDetail(
  record: HubRecord,
  model: ModelMetadata,
  { allowed, candidate }: { readonly allowed: boolean; readonly candidate: boolean },
): WantedDetail | undefined {
  const key = detailKey(record);
  if (key === undefined) return undefined;
  const open = model.gated === 'no' || model.gated === 'unknown';
  const hasConfig = model.companions.includes('config.json') && hasRootSafetensors(model);
  const config = open && hasConfig && record.fetched?.config !== true;
  // out/ keeps the sizes of models on the allowlist alone.
  const sizes = candidate && record.fetched?.sizes !== true;
  const header = open && allowed && record.fetched?.header !== true ? headerToRead(model) : undefined;
  if (!config && !sizes && header === undefined) return undefined;
  const rest = { gate: candidate, downloads: factDownloads(model) };
  return { key, config, sizes, ...(header === undefined ? {} : { header }), ...rest };
}

/**
 * Returns a file whose header would give the attention, where neither a config nor a base model that may be asked gives
 * it.
 */
function headerToRead(model: ModelMetadata): string | undefined {
  const { attention, variants } = model;
  const isKnown = attention !== 'unknown' && attention.source !== 'same-size';
  if (isKnown || hasRootSafetensors(model) || model.baseModels.relation === 'quantized') return undefined;
  return variants.find(({ format }) => format === 'gguf')?.files[0];
}

function hasRootSafetensors({ variants }: ModelMetadata): boolean {
  return variants.some(({ format, layout }) => format === 'safetensors' && layout === 'root');
}

function factDownloads({ downloads }: ModelMetadata): number {
  return downloads === 'unknown' ? 0 : downloads;
}

/** Holds the first of the wanted details, at most about twice the budget at a time, and counts the rest. */
export class WantedList {
  readonly #budget: number;
  #details: WantedDetail[] = [];
  #left = 0;
  #leftOthers = 0;

  /**
   * Creates an empty list.
   *
   * @param budget how many are kept; 0 keeps none and counts all.
   */
  constructor(budget: number) {
    this.#budget = budget;
  }

  add(wanted: WantedDetail): void {
    this.#details.push(wanted);
    if (this.#details.length > this.#budget * 2 + 1_000) this.#cut();
  }

  merge({ details, left, leftOthers }: WantedDetails): void {
    for (const wanted of details) this.add(wanted);
    this.#left += left;
    this.#leftOthers += leftOthers;
  }

  list(): WantedDetails {
    this.#cut();
    return { details: this.#details, left: this.#left, leftOthers: this.#leftOthers };
  }

  #cut(): void {
    this.#details.sort(compareWanted);
    for (const { gate } of this.#details.slice(this.#budget))
      if (gate) this.#left += 1;
      else this.#leftOthers += 1;
    this.#details.length = Math.min(this.#details.length, this.#budget);
  }
}
