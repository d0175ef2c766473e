/** Merges the refusals of engines that refuse a model for the same reason into one sentence. */

import type { Verdict } from '../evaluate/verdict.ts';
import { groupBy } from '../lib/group.ts';
import { listNames } from '../lib/sentences.ts';
import type { VerdictGroup } from './groups.ts';

export interface SharedRefusal {
  /** One sentence for all of them. */
  readonly sentence: string;
  readonly groups: readonly VerdictGroup[];
}

/** Merges the refusals of engines by their reason; a reason that one program alone has remains as it is. */
export function shareRefusals(groups: readonly VerdictGroup[]): {
  readonly shared: readonly SharedRefusal[];
  readonly rest: readonly VerdictGroup[];
} {
  const refused = groups.filter(({ gate, verdict }) => !gate && verdict.status === 'incompatible');
  const causes = groupBy(refused, ({ name, verdict }) => causeOf(name, verdict));
  const shared = [...causes].flatMap(([cause, alike]): SharedRefusal[] => {
    const names = [...new Set(alike.map(({ name }) => name))];
    return cause === '' || names.length < 2 ? [] : [{ sentence: sentenceFor(cause, names), groups: alike }];
  });
  const merged = new Set(shared.flatMap((one) => one.groups));
  return { shared, rest: groups.filter((group) => !merged.has(group)) };
}

// The openings of sentences in evaluate/sentences.ts; a test compares them.
const FORMATS = /^Its weights are in the format (.+?); /;
const STORED = /^Its weights are stored as (.+?); /;
const KIND = /^This is (.+?); /;
const LOADER = / has no loader for the (\S.*?)(?: as .*?)?(?: \(as of .*?\))?[;.]/;

/** Returns the part of the deciding sentence that is not about the engine; '' where there is none. */
function causeOf(name: string, { reasons: [reason = ''], reasonCodes: [code] }: Verdict): string {
  switch (code) {
    case 'format_unsupported':
      return cause('read no', FORMATS.exec(reason)?.[1]?.replaceAll(' and ', ' or '));
    case 'quantization_unsupported':
      return cause('do not read weights stored as', STORED.exec(reason)?.[1]);
    case 'kind_unsupported':
      return cause('do not run', KIND.exec(reason)?.[1]);
    case 'architecture_unsupported':
      return cause('have no loader for the', LOADER.exec(reason.slice(name.length))?.[1]);
    default:
      return '';
  }
}

function cause(verb: string, what: string | undefined): string {
  return what === undefined ? '' : `${verb} ${what}`;
}

function sentenceFor(cause: string, names: readonly string[]): string {
  return `${names.length} engines ${cause}: ${listNames(names, 'and')}.`;
}
