/** What a guard sees: tonight as it would be published, and last night where the two may be compared. */

import type { Control, Limits } from '../../data/limits.ts';
import type { Unpublished } from '../../write/index.ts';

export interface NightToJudge
  extends Pick<
    Unpublished,
    | 'gate'
    | 'report'
    | 'families'
    | 'changes'
    | 'highlights'
    | 'files'
    | 'longestLine'
    | 'lookUp'
    | 'damaged'
    | 'last'
  > {
  readonly limits: Limits;
  readonly controls: readonly Control[];
  /** Whether the listing is all of the public Hub, or the bundled snapshot: then it lacks neither a control nor its facts. */
  readonly holdsAll: boolean;
}

/** What a guard says when it trips: the number, the limit, and what changed. */
export interface Finding {
  readonly problem: string;
  /** A line each. */
  readonly details: readonly string[];
}

/** Undefined where all is well. */
export type Guard = (night: NightToJudge) => Finding | undefined;

export function percent(part: number, all: number): number {
  return all === 0 ? 0 : (part / all) * 100;
}
