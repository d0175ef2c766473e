/** The guards that stop a publish, by the names that `--accept` takes. All are run, and all that trip are reported. */
import { DataError } from '../../lib/errors.ts';
import { printable } from '../../lib/printable.ts';
import { quoteForShell } from '../../lib/shell.ts';
import { guardArchitectures, guardGrowth, guardShrink } from './allowlist.ts';
import { guardControls } from './controls.ts';
import { guardCoverage, guardLastOut } from './input.ts';
import type { ControlledModel, Finding, Guard, GuardedNight, NightToJudge } from './night.ts';
import * as say from './sentences.ts';
import { guardShards, guardTotal } from './sizes.ts';

const GUARDS = {
  'damaged-out': guardLastOut,
  'field-coverage': guardCoverage,
  controls: guardControls,
  'allowlist-shrink': guardShrink,
  'allowlist-growth': guardGrowth,
  'architecture-lost': guardArchitectures,
  'shard-size': guardShards,
  'total-growth': guardTotal,
} as const satisfies Readonly<Record<string, Guard>>;

export type GuardName = keyof typeof GUARDS;
export const GUARD_NAMES = Object.keys(GUARDS) as readonly GuardName[];

export interface Trip extends Finding {
  readonly guard: GuardName;
}

/** Returns the guards that trip, without those that a maintainer accepts. */
export async function judgeNight(night: NightToJudge, accepted: readonly GuardName[]): Promise<Trip[]> {
  const guarded: GuardedNight = { ...night, found: await findControlled(night) };
  return GUARD_NAMES.filter((guard) => !accepted.includes(guard)).flatMap((guard) => {
    const finding = GUARDS[guard](guarded);
    return finding === undefined ? [] : [{ guard, ...finding }];
  });
}

async function findControlled({
  matrix,
  controls,
  gate,
}: NightToJudge): Promise<Map<string, ControlledModel>> {
  const found = new Map<string, ControlledModel>();
  for await (const { id, verdicts } of matrix.find(controls.map(({ repo }) => repo))) {
    const codes = [...gate].flatMap((worker) => verdicts.get(worker)?.reasonCodes ?? []);
    found.set(id, { allowed: await matrix.has(id), reasonCodes: [...new Set(codes)] });
  }
  return found;
}

/** The error of a night that guards stopped. The last out/ is kept. */
export class GuardError<Night> extends DataError {
  override readonly name = 'GuardError';
  readonly trips: readonly Trip[];
  /** The command that publishes this night in spite of the guards. */
  readonly command: string;
  /** The night that would have been published. */
  readonly night: Night;
  constructor(trips: readonly Trip[], command: string, night: Night) {
    super(describeTrips(trips, command));
    this.trips = trips;
    this.command = command;
    this.night = night;
  }
}

/** Returns the command that a maintainer gave, with the guards that tripped accepted. */
export function acceptingCommand(args: readonly string[], trips: readonly Trip[]): string {
  const accepted = trips.map(({ guard }) => `--accept ${guard}`);
  return ['npm run build:matrix --', ...args.map(quoteForShell), ...accepted].join(' ');
}

function describeTrips(trips: readonly Trip[], command: string): string {
  const lines = trips.flatMap(({ guard, problem, details }) => [
    `${guard}: ${problem}`,
    ...details.map((detail) => `    ${printable(detail).replaceAll('\n', ' ')}`),
  ]);
  return [say.stopped(trips.length), ...lines, say.howToAccept(command)].join('\n  ');
}
