/** What a guard sees: tonight as it would be published, and last night where the two may be compared. */
import type { Control, Limits } from '../../data/limits.ts';
import type { Night } from '../index.ts';

export interface NightToJudge
  extends Pick<
    Night,
    | 'gate'
    | 'report'
    | 'families'
    | 'changes'
    | 'highlights'
    | 'files'
    | 'matrix'
    | 'dir'
    | 'damaged'
    | 'last'
  > {
  readonly limits: Limits;
  readonly controls: readonly Control[];
  /** Whether the listing is all of the public Hub, or the bundled snapshot: then it lacks neither a control nor its facts. */
  readonly holdsAll: boolean;
}

/** A repository that a control names, as it would be published. */
export interface ControlledModel {
  readonly allowed: boolean;
  /** Of the gate workers. */
  readonly reasonCodes: readonly string[];
}

/** With the repositories that controls name looked up: those that are not listed are missing. */
export interface GuardedNight extends NightToJudge {
  readonly found: ReadonlyMap<string, ControlledModel>;
}

/** What a guard says when it trips: the number, the limit, and what changed. */
export interface Finding {
  readonly problem: string;
  /** A line each. */
  readonly details: readonly string[];
}

/** Returns undefined where all is well. */
export type Guard = (night: GuardedNight) => Finding | undefined;

export function percent(part: number, all: number): number {
  return all === 0 ? 0 : (part / all) * 100;
}
