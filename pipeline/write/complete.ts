/** Completes the entries of copies with the facts that their base models state. */
import type { OwnFacts, SharedFacts } from '../format/encoding.ts';
import { decodeAttention, SOURCE_LETTERS, SOURCED_FACTS } from '../format/encoding.ts';
import type { Entry } from '../judge/entry.ts';
import type { BaseFacts } from '../judge/inherit.ts';
import { rowKey } from '../judge/verdict-table.ts';
import { asciiStringify } from '../lib/json.ts';

/** A row with a list of verdicts that the judging threads know, and shared facts that are new. */
export interface NewRow {
  readonly key: string;
  readonly list: string;
  readonly shared: string;
}

const CONTEXT = SOURCED_FACTS.findIndex(([letter]) => letter === 'x');

export class Completer {
  /** The list and the facts of an old row, as text -> the new row: thousands of copies share one. */
  readonly #rows = new Map<string, NewRow>();

  /**
   * Completes a pending entry; one that takes nothing is not pending any more. `answers`: repo id of a copy -> the facts of
   * its base model as JSON, where the base is listed and states some.
   */
  complete(entry: Entry, answers: ReadonlyMap<string, string>): Entry {
    if (entry.pending === '') return entry;
    const answer = answers.get(entry.id);
    if (answer === undefined) return { ...entry, pending: '' };
    const own = JSON.parse(entry.facts) as OwnFacts;
    const taken = factsToTake(entry, own, JSON.parse(answer) as BaseFacts);
    if (taken.x === undefined && taken.A === undefined) return { ...entry, pending: '' };
    const row = taken.x === undefined ? entry.row : this.#rowWithContext(entry.pending);
    return { ...entry, row, facts: addFacts(entry.facts, own, taken) };
  }

  newRows(): NewRow[] {
    return [...this.#rows.values()];
  }

  #rowWithContext(pending: string): string {
    let row = this.#rows.get(pending);
    if (row === undefined) {
      const space = pending.indexOf(' ');
      const list = pending.slice(0, space);
      const shared = withSource(pending.slice(space + 1));
      row = { key: rowKey(list, shared), list, shared };
      this.#rows.set(pending, row);
    }
    return row.key;
  }
}

/**
 * Returns the facts to take. The attention is taken only for a model that some worker runs, since the memory of others is
 * never asked for. The attention of the base is more accurate than that of models of the same size.
 */
function factsToTake({ runs }: Entry, own: OwnFacts, { x, A }: BaseFacts): BaseFacts {
  return {
    ...(own.x === undefined && x !== undefined ? { x } : {}),
    ...(runs && isGuessed(own.A) && A !== undefined ? { A } : {}),
  };
}

function isGuessed(attention: OwnFacts['A']): boolean {
  return attention === undefined || decodeAttention(attention).source === 'same-size';
}

/**
 * Adds facts to the text of an entry. They come first in a line, so that the text need not be parsed, except where one
 * replaces another.
 */
function addFacts(facts: string, own: OwnFacts, taken: BaseFacts): string {
  const added = JSON.stringify(taken).slice(1, -1);
  if (taken.A !== undefined && own.A !== undefined) return asciiStringify({ ...taken, ...own, A: taken.A });
  return facts === '{}' ? `{${added}}` : `{${added},${facts.slice(1)}`;
}

function withSource(shared: string): string {
  const facts = JSON.parse(shared) as SharedFacts;
  const letters = [...facts.s];
  letters[CONTEXT] = SOURCE_LETTERS['base-model'];
  return JSON.stringify({ ...facts, s: letters.join('') });
}
