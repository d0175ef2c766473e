/** A fault at each of many file calls of a build: then the last night stands or the next, and another build publishes. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { arm, disarm, type Strike } from './hook.ts';
import { buildApart, buildHere, freshPlace, type Row, type Scene, whoseNight } from './place.ts';

/** The publish itself: from the last files to the release of the lock. */
const LAST_CALLS = 14;

/** In a process of its own there are some calls less or more. */
async function countCalls(fault: 'kill' | 'full', { before, source, struck }: Scene): Promise<number> {
  const place = freshPlace(before);
  const strike = { fault: 'none', at: 0, under: join(place, struck) } as const;
  if (fault === 'kill')
    return Number(/^(\d+) calls$/m.exec((await buildApart(place, source, { strike })).stderr)?.[1]);
  arm(strike);
  await buildHere(place, source);
  return disarm();
}

/** All of the last ones, and of those before so many, evenly. */
function pointsOf(calls: number, samples: number): number[] {
  const early = Math.max(0, calls - LAST_CALLS);
  const points = Array.from({ length: samples }, (_, at) => 1 + Math.floor((at * early) / samples));
  const last = Array.from({ length: calls - early }, (_, at) => calls - at);
  return [...new Set([...points, ...last])];
}

/** A kill takes a process of its own; a full disk is an error like others, and must leave this one fit for the next build. */
async function strikeBuild(place: string, { source }: Scene, strike: Strike): Promise<boolean> {
  if (strike.fault === 'kill') return (await buildApart(place, source, { strike })).status === null;
  arm(strike);
  const error = await buildHere(place, source).catch((thrown: unknown) => thrown);
  disarm();
  return error === undefined || saysFull(error);
}

/** By the system's own error, or by a message of ours that it caused. */
function saysFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (error as NodeJS.ErrnoException).code === 'ENOSPC' || saysFull(error.cause);
}

/** `samples`: of the calls before the last ones. */
export async function strikeOften(fault: 'kill' | 'full', scene: Scene, samples: number): Promise<Row> {
  const calls = await countCalls(fault, scene);
  const tally = new Map<string, number>();
  const points = pointsOf(calls, samples);
  for (const at of points) {
    const place = freshPlace(scene.before);
    const struck = await strikeBuild(place, scene, { fault, at, under: join(place, scene.struck) });
    const after = whoseNight(place, scene);
    const error = await buildHere(place, scene.source).catch((thrown: unknown) => thrown);
    const again = error === undefined ? whoseNight(place, scene) : `no second build: ${error}`;
    const right = struck && !after.startsWith('MIXED') && again === '2';
    const outcome = right ? `night ${after}` : `WRONG at ${at}: ${after}, then ${again}`;
    tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
    rmSync(place, { recursive: true });
  }
  const told = [...tally].map(([outcome, n]) => `${n}x ${outcome}`).sort();
  const name = `${fault === 'kill' ? 'kill -9 before' : 'ENOSPC at'} ${points.length} of ${calls} file calls`;
  return [name, `${told.join(', ')}; the next build publishes`, !told.join().includes('WRONG')];
}
