/**
 * Causes a fault at each of many file calls of a build. Afterwards out/ must be the last night's or the next one's, and
 * another build must publish.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { arm, disarm, type Strike } from './hook.ts';
import { buildApart, buildHere, freshPlace, type Row, type Scene, whoseNight } from './place.ts';

/** The number of calls of the publish itself, from the last files to the release of the lock. */
const LAST_CALLS = 14;

/** Counts the file calls of a build. A separate process has some calls less or more. */
async function countCalls(fault: 'kill' | 'full', { before, source, struck }: Scene): Promise<number> {
  const place = freshPlace(before);
  const strike = { fault: 'none', at: 0, under: join(place, struck) } as const;
  if (fault === 'kill')
    return Number(/^(\d+) calls$/m.exec((await buildApart(place, source, { strike })).stderr)?.[1]);
  arm(strike);
  await buildHere(place, source);
  return disarm();
}

/** Returns the calls that get a fault: all of the last ones, and so many of those before, evenly. */
function pointsOf(calls: number, samples: number): number[] {
  const early = Math.max(0, calls - LAST_CALLS);
  const points = Array.from({ length: samples }, (_, at) => 1 + Math.floor((at * early) / samples));
  const last = Array.from({ length: calls - early }, (_, at) => calls - at);
  return [...new Set([...points, ...last])];
}

/**
 * Builds with a fault, and tells whether it struck. A kill needs a separate process; a full disk is an error like others,
 * and this process must remain fit for the next build.
 */
async function strikeBuild(place: string, { source }: Scene, strike: Strike): Promise<boolean> {
  if (strike.fault === 'kill') return (await buildApart(place, source, { strike })).status === null;
  arm(strike);
  const error = await buildHere(place, source).catch((thrown: unknown) => thrown);
  disarm();
  return error === undefined || saysFull(error);
}

/** Tells whether a full disk caused an error: it is the system's own error, or a message of ours that it caused. */
function saysFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (error as NodeJS.ErrnoException).code === 'ENOSPC' || saysFull(error.cause);
}

/** Strikes builds at many calls. `samples` is the number of calls before the last ones. */
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
  const lines = [...tally].map(([outcome, n]) => `${n}x ${outcome}`).sort();
  const name = `${fault === 'kill' ? 'kill -9 before' : 'ENOSPC at'} ${points.length} of ${calls} file calls`;
  return [name, `${lines.join(', ')}; the next build publishes`, !lines.join().includes('WRONG')];
}
