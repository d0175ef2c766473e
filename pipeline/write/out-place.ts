/**
 * Finds the place in which the next out/ is built, and its lock: beside the last one, or within it where it cannot be
 * renamed.
 */
import {
  accessSync,
  constants,
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { MANIFEST } from '../format/out-folder.ts';
import { UsageError } from '../lib/errors.ts';
import { makeWritable } from '../lib/writable.ts';

export const README = 'README.md';
/** The name of a file that marks an unfinished folder as one of ours. */
export const MARK = '.unfinished';

export interface OutPlace {
  /** The path of out/, without links. */
  readonly out: string;
  /** The path of the next out/. */
  readonly next: string;
  readonly lock: string;
  /** True where out/ is replaced file by file: it is a mount point, or its parent may not be written. */
  readonly inPlace: boolean;
}

/** The names within an out/ that is replaced file by file, beside its files. */
const WITHIN = { next: '.next', lock: '.lock' } as const;
/** The names that tools for file systems create in an empty one. */
const OF_FILE_SYSTEMS = ['lost+found'];

/**
 * Checks, before anything else is done, whether an out/ can be published at this path, and returns its place.
 *
 * @throws UsageError when it holds something that is not ours; DataError when it may not be written.
 */
export function findOutPlace(path: string): OutPlace {
  const out = existsSync(path) ? realpathSync(path) : resolve(path);
  const inPlace = existsSync(out) && (isMountPoint(out) || !isWritable(dirname(out)));
  const place: OutPlace = inPlace
    ? { out, inPlace, next: join(out, WITHIN.next), lock: join(out, WITHIN.lock) }
    : { out, inPlace, next: `${out}.next`, lock: `${out}.lock` };
  refuseForeign(place);
  refuseUnwritable(place);
  return place;
}

/**
 * Refuses folders that are not ours, so that none is ever replaced. A folder is ours if it is an out/ with its manifest,
 * is empty, or has nothing but the page that the project tracks. The rule also covers the folders beside it.
 */
function refuseForeign({ out, next }: OutPlace): void {
  const here = resolve('.');
  if (here === out || here.startsWith(out.endsWith(sep) ? out : out + sep))
    throw new UsageError(
      `--out ${out} contains the folder in which this command runs; name a folder for out/ alone.`,
    );
  for (const dir of [out, next, `${out}.previous`]) {
    if (!existsSync(dir)) continue;
    if (!statSync(dir).isDirectory()) throw new UsageError(`--out ${dir} is a file; name a folder.`);
    const names = namesIn(dir);
    if (names.length > 0 && !names.includes(MANIFEST) && !names.includes(MARK)) {
      throw new UsageError(
        `${dir} has the file ${names[0]} but no ${MANIFEST}, so it was not written by this program and is left as it is. Name another --out.`,
      );
    }
  }
}

function namesIn(dir: string): string[] {
  const others = [README, WITHIN.next, WITHIN.lock, ...OF_FILE_SYSTEMS];
  return readdirSync(dir).filter(
    (name) => !others.includes(name) && !name.startsWith(`${WITHIN.lock}.left-over-`),
  );
}

function refuseUnwritable({ out, inPlace }: OutPlace): void {
  const dir = inPlace ? out : dirname(out);
  makeWritable({
    dir,
    flag: '--out',
    messageOf: (code) => `--out ${out} cannot be written: ${dir} gives the error ${code}.`,
  });
}

function isWritable(dir: string): boolean {
  try {
    accessSync(dir, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Tells whether a folder is a mount point, by its device, and by the list of mounts, which also has those within one file
 * system.
 */
export function isMountPoint(dir: string): boolean {
  if (statSync(dir).dev !== statSync(dirname(dir)).dev) return true;
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .some((line) => mountOf(line) === dir);
  } catch {
    return false;
  }
}

/**
 * Returns the path of a mount, the fifth field of its line; spaces and the like are escaped as octal numbers (proc(5)).
 */
function mountOf(line: string): string | undefined {
  return line
    .split(' ')[4]
    ?.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}
