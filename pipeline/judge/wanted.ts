/** Which details of repositories are worth a request: an outcome of judging what the listing alone says. */

import { compareNames } from '../lib/compare.ts';
import { isRepoId } from '../lib/repo-id.ts';

/** Names a commit of a repository: details of it are kept for ever. */
export interface DetailKey {
  readonly _id: string;
  readonly id: string;
  readonly sha: string;
}

/** What is worth asking of one repository, beyond its listing. */
export interface WantedDetail {
  readonly key: DetailKey;
  readonly config: boolean;
  readonly sizes: boolean;
  /** In 30 days; 0 where it is unknown. */
  readonly downloads: number;
}

export interface WantedDetails {
  /** The most downloaded first. */
  readonly details: readonly WantedDetail[];
  /** How many more are wanted than there is budget for. */
  readonly left: number;
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

/** Holds the most downloaded of what is wanted, at most about twice the budget at a time, and counts the rest. */
export class WantedList {
  readonly #budget: number;
  #details: WantedDetail[] = [];
  #left = 0;

  /** @param budget how many are kept; 0 keeps none and counts all. */
  constructor(budget: number) {
    this.#budget = budget;
  }

  add(wanted: WantedDetail): void {
    this.#details.push(wanted);
    if (this.#details.length > this.#budget * 2 + 1_000) this.#cut();
  }

  merge({ details, left }: WantedDetails): void {
    for (const wanted of details) this.add(wanted);
    this.#left += left;
  }

  list(): WantedDetails {
    this.#cut();
    return { details: this.#details, left: this.#left };
  }

  #cut(): void {
    this.#details.sort((a, b) => b.downloads - a.downloads || compareNames(a.key.id, b.key.id));
    this.#left += Math.max(0, this.#details.length - this.#budget);
    this.#details.length = Math.min(this.#details.length, this.#budget);
  }
}
