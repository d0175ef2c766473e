/** The publish of the drill: two nights of the snapshot, and faults of the last out/, the clock and the lock. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findMatches } from '../../pipeline/lib/find-files.ts';
import { SNAPSHOT_GLOB } from '../../pipeline/lib/paths.ts';
import {
  buildApart,
  buildHere,
  countModels,
  freshPlace,
  lastWord,
  type Row,
  type Scene,
  type Source,
  whoseNight,
  work,
} from './place.ts';

/** Builds the scene: first all of the snapshot, then without every seventh model. */
export async function publishScene(): Promise<Scene> {
  const texts = findMatches(SNAPSHOT_GLOB).map((path) => readFileSync(path, 'utf8').trim());
  const lines = texts.join('\n').split('\n');
  const sourceOf = (name: string, kept: readonly string[]): Source => {
    const path = join(work, name);
    writeFileSync(path, `${kept.join('\n')}\n`);
    return { flags: ['--source', path], env: {} };
  };
  const first = sourceOf('night-1.jsonl', lines);
  const source = sourceOf(
    'night-2.jsonl',
    lines.filter((_, at) => at % 7 !== 0),
  );
  const before = freshPlace();
  await buildHere(before, first);
  const calm = freshPlace(before);
  await buildHere(calm, source);
  const models = { first: countModels(before), second: countModels(calm) };
  return { before, source, struck: '.', models };
}

/** Runs a separate build, which must publish tonight, whatever was done to the place. */
async function publishes(scene: Scene, name: string, disturb: (place: string) => void): Promise<Row> {
  const place = freshPlace(scene.before);
  disturb(place);
  const run = await buildApart(place, scene.source);
  const after = whoseNight(place, scene);
  rmSync(place, { recursive: true });
  return [name, `exit ${run.status}, night ${after}`, run.status === 0 && after === '2'];
}

/** Damages files of last night, and files that the last build kept for itself. */
export function damaged(scene: Scene, name: string, paths: readonly string[]): Promise<Row> {
  return publishes(scene, name, (place) => {
    for (const path of paths) {
      mkdirSync(join(place, path, '..'), { recursive: true });
      writeFileSync(join(place, path), '{"cut');
    }
  });
}

/** Dates the manifest in the future, as after a clock that was set back. */
export function clockBack(scene: Scene): Promise<Row> {
  return publishes(scene, 'a clock that jumps back a century', (place) => {
    const path = join(place, 'out', 'manifest.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"date": "\d{4}/, '"date": "2126'));
  });
}

export function staleLock(scene: Scene): Promise<Row> {
  return publishes(scene, 'a lock whose build is gone', (place) =>
    writeFileSync(join(place, 'out.lock'), '999999999\n'),
  );
}

export async function twoAtOnce(scene: Scene): Promise<Row> {
  const place = freshPlace(scene.before);
  const runs = await Promise.all([buildApart(place, scene.source), buildApart(place, scene.source)]);
  const after = whoseNight(place, scene);
  const codes = runs.map(({ status }) => status ?? -1).sort();
  const stderr = runs.map((run) => run.stderr).join('');
  // One may also end before the other begins.
  const clear =
    codes.every((code) => code === 0) ||
    /Another build \(process \d+ on [^)]*\) is writing here/.test(stderr);
  return [
    'two builds at once',
    `exits ${codes.join(' and ')}, night ${after}${runs.map(lastWord).join('')}`,
    clear && codes.includes(0) && after === '2',
  ];
}
