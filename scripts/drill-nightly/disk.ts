/** Tests real disks that are full or read-only: small file systems in memory where one may be mounted. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildApart, freshPlace, lastWord, type Row, type Scene, whoseNight } from './place.ts';

function mount(dir: string, size: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', dir]).status === 0;
}

/**
 * Builds with a folder of the place (`.` for all of it) on a disk with little room: a tmpfs, or else a limit of the file
 * size. Once there is room again, the next build must publish.
 */
export async function fullDisk(scene: Scene, folder: string, freeKib: number): Promise<Row> {
  const place = freshPlace(scene.before);
  const full = join(place, folder);
  const [kept, ballast] = [`${place}.kept`, join(full, 'ballast')];
  renameSync(full, kept);
  mkdirSync(full);
  const mounted = mount(full, '8m');
  try {
    cpSync(kept, full, { recursive: true });
    if (mounted) writeFileSync(ballast, Buffer.alloc(freeBytes(full) - freeKib * 1024));
    const wrap = mounted ? [] : ['prlimit', `--fsize=${freeKib * 128}`];
    const run = await buildApart(place, scene.source, { wrap });
    const after = whoseNight(place, scene);
    rmSync(ballast, { force: true });
    const again = await buildApart(place, scene.source);
    const then = whoseNight(place, scene);
    const disk = mounted ? `a tmpfs with ${freeKib} KiB left` : `a limit of ${freeKib / 8} KiB a file`;
    return [
      folder === '.' ? disk : `${disk} for ${folder}/`,
      `exit ${run.status}, night ${after}${lastWord(run)}; with room night ${then}`,
      run.status === 1 && after === '1' && again.status === 0 && then === '2',
    ];
  } finally {
    if (mounted) spawnSync('umount', [full]);
  }
}

function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

/**
 * Builds into a read-only mount. Root may write every folder, so a mount replaces a folder without the right to write.
 */
export async function readOnly(scene: Scene): Promise<Row> {
  const place = freshPlace();
  mount(place, '20m');
  cpSync(scene.before, place, { recursive: true });
  const sealed = spawnSync('mount', ['-o', 'remount,ro', place]).status === 0;
  if (!sealed) spawnSync('chmod', ['-R', 'a-w', place]);
  const run = await buildApart(place, scene.source);
  const after = whoseNight(place, scene);
  if (sealed) spawnSync('umount', [place]);
  return [
    'a read-only out/',
    `exit ${run.status}, night ${after}${lastWord(run)}`,
    run.status === 1 && after === '1',
  ];
}
