/** The input of a guard: tonight as it would be published, and last night where the two may be compared. */
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
  /**
   * True where the listing is all of the public Hub, or the bundled snapshot, so that it has all controls and their
   * facts.
   */
  readonly holdsAll: boolean;
}

/** A repository that a control names, as it would be published. */
export interface ControlledModel {
  readonly allowed: boolean;
  /** The reason codes of the gate workers. */
  readonly reasonCodes: readonly string[];
}

/** A night with the repositories that controls name. Those that are not listed are missing from `found`. */
export interface GuardedNight extends NightToJudge {
  readonly found: ReadonlyMap<string, ControlledModel>;
}

/** The message of a guard that trips: the number, the limit, and the changes. */
export interface Finding {
  readonly problem: string;
  /** The details, a line each. */
  readonly details: readonly string[];
}

/** Returns a finding, or undefined where nothing is wrong. */
export type Guard = (night: GuardedNight) => Finding | undefined;

export function percent(part: number, all: number): number {
  return all === 0 ? 0 : (part / all) * 100;
}
