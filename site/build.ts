/** `npm run site:build`: out/ -> site/dist/, a folder that any static host serves. A build that fails leaves the last one. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { releaseLock, takeLock } from '../pipeline/lib/lock.ts';
import { openMatrix } from '../pipeline/read/node.ts';
import { flagsOrStop } from './lib/flags.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Another build is waited for so long, then this one is refused. */
const MOST_WAIT_MS = 900_000;

const LOCAL = 'http://localhost:4173/';

const values = flagsOrStop({
  out: { type: 'string', default: 'out' },
  url: { type: 'string', default: process.env.SITE_URL || LOCAL },
  dist: { type: 'string', default: here('dist') },
  // The link "Report a wrong verdict" leads to this page, which takes title and body; without it there is no such link.
  'report-url': { type: 'string', default: process.env.SITE_REPORT_URL ?? '' },
  // The most downloaded models, which get a picture of their own for cards.
  pictures: { type: 'string', default: '200' },
  // Next hands the parameters of a route to one call, which takes some 120,000 before the stack is full; a model has two.
  'models-a-part': { type: 'string', default: '50000' },
});

if (!existsSync(resolve(values.out, 'manifest.json'))) {
  console.error(
    `${values.out} holds no manifest.json. Run npm run build:matrix first, or name another --out.`,
  );
  process.exit(2);
}
if (!/^https?:\/\//.test(values.url) || !URL.canParse(values.url)) {
  console.error(
    `--url takes the address where the site will be, such as https://example.org/, not ${values.url}.`,
  );
  process.exit(2);
}

if (values.url === LOCAL)
  console.warn(
    `Neither --url nor SITE_URL was given: canonical addresses, feed, sitemap and cards will name ${LOCAL}. That is right for a preview alone.`,
  );
if (values['report-url'] !== '' && !URL.canParse(values['report-url'])) {
  console.error(
    `--report-url takes an address, such as https://github.com/OWNER/REPO/issues/new, not ${values['report-url']}.`,
  );
  process.exit(2);
}
if (!/^\d{1,7}$/.test(values.pictures)) {
  console.error(`--pictures takes a number of models, such as 200, not ${values.pictures}.`);
  process.exit(2);
}

const modelsAPart = Number(values['models-a-part']);
if (!Number.isInteger(modelsAPart) || modelsAPart < 1) {
  console.error(`--models-a-part takes a number of models, such as 50000, not ${values['models-a-part']}.`);
  process.exit(2);
}
if (
  existsSync(values.dist) &&
  readdirSync(values.dist).length > 0 &&
  !existsSync(join(values.dist, 'gone.json'))
) {
  console.error(`${values.dist} holds something that is no site of ours. Name another --dist, or empty it.`);
  process.exit(2);
}
const { allowed } = (await openMatrix(resolve(values.out))).header;
if (allowed === 0) {
  console.error(
    `The allowlist of ${values.out} is empty: there is no page to build. Look at its report.json.`,
  );
  process.exit(1);
}
// Next builds in folders of this one: a second build at once would mix its pages with ours.
const lock = here('build.lock');
try {
  takeLock(lock, { waitMs: MOST_WAIT_MS, onWait: (message) => console.log(message) });
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
const parts = Math.ceil(allowed / modelsAPart);
const next = here('next');
rmSync(next, { recursive: true, force: true });
for (let part = 0; part < parts; part += 1) {
  runNext(`${part}/${parts}`);
  moveInto(here('out'), next);
}
rmSync(here('out'), { recursive: true, force: true });

// What Next exports beside our pages: as folders these would answer "found".
for (const path of ['404', '_not-found', '_not-found.html', '_next', '404.html'])
  rmSync(join(next, path), { recursive: true, force: true });
renameSync(join(next, 'missing.html'), join(next, '404.html'));
putInPlace(values.dist);
releaseLock(lock);
console.log(`The site is in ${relative('.', values.dist)}.`);

/** The last site stays until this one is beside it, on the same disk. */
function putInPlace(dist: string): void {
  const staged = `${dist}.next`;
  rmSync(staged, { recursive: true, force: true });
  mkdirSync(dirname(resolve(dist)), { recursive: true });
  try {
    renameSync(next, staged);
  } catch {
    cpSync(next, staged, { recursive: true });
    rmSync(next, { recursive: true });
  }
  rmSync(dist, { recursive: true, force: true });
  renameSync(staged, dist);
}

/** Folders that both have are merged. The pages that are not of one model are the same in each part. */
function moveInto(from: string, to: string): void {
  const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isFolder(from) || !isFolder(to)) renameSync(from, to);
  else for (const name of readdirSync(from)) moveInto(join(from, name), join(to, name));
}

function runNext(part: string): void {
  rmSync(here('out'), { recursive: true, force: true });
  // Pages of another out/ must not be taken for pages of this one.
  rmSync(here('.next'), { recursive: true, force: true });
  const { status } = spawnSync(
    process.execPath,
    [here('../node_modules/next/dist/bin/next'), 'build', 'site'],
    {
      cwd: here('..'),
      stdio: 'inherit',
      env: {
        ...process.env,
        SITE_OUT: resolve(values.out),
        SITE_URL: values.url,
        SITE_PART: part,
        SITE_PICTURES: values.pictures,
        SITE_REPORT_URL: values['report-url'],
        NEXT_TELEMETRY_DISABLED: '1',
      },
    },
  );
  if (status !== 0) process.exit(1);
}
