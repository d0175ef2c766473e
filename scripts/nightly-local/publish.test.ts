import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { build } from '../../pipeline/build.ts';
import { buildOptions } from '../../pipeline/commands/options.ts';
import { sha256 } from '../../pipeline/lib/hash.ts';
import { readWorkflow } from '../check-workflows/workflow.ts';

const NIGHTLY = fileURLToPath(new URL('../../.github/workflows/nightly.yml', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'publish-'));
const good = join(dir, 'good');

beforeAll(async () => {
  const flags = ['--out', good, '--cache', join(dir, 'cache')];
  await build(buildOptions(flags, {}), () => new Date('2026-01-01T00:00:00Z'));
});
afterAll(() => rmSync(dir, { recursive: true }));

/** Runs a step of the job that publishes, as written, beside an out/. It returns the exit code and the output. */
function runStep(name: string, work: string, env: Record<string, string>): { code: number; said: string } {
  const job = readWorkflow(NIGHTLY).jobs.find((one) => one.name === 'publish');
  const script = job?.steps.find((step) => step.name === name)?.run ?? 'exit 99';
  const { PATH = '', HOME = dir } = process.env;
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script],
    { cwd: work, encoding: 'utf8', env: { PATH, HOME, RUNNER_TEMP: work, ...env } },
  );
  return { code: status ?? -1, said: stdout + stderr };
}

/** Creates a workspace with a copy of the good out/, changed; `manifest` is the text that the build vouched for. */
function workspace(change: (out: string) => void = () => {}): { work: string; out: string } {
  const work = mkdtempSync(join(dir, 'work-'));
  const out = join(work, 'out');
  cpSync(good, out, { recursive: true });
  change(out);
  return { work, out };
}

function verify({ work, out }: { work: string; out: string }): { code: number; said: string } {
  const MANIFEST = sha256(readFileSync(join(out, 'manifest.json')));
  return runStep('Compare every file with the manifest', work, { MANIFEST });
}

/** Adds a file to the manifest as a hostile build would. */
function name(out: string, path: string, content = 'x'): void {
  const file = join(out, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  manifest.files.push({ path, bytes: content.length, sha256: sha256(content) });
  writeFileSync(file, JSON.stringify(manifest));
}

test('an out/ as it was built passes', () => {
  expect(verify(workspace())).toMatchObject({ code: 0 });
});

test.each<[string, (out: string) => void]>([
  ['a changed file', (out) => writeFileSync(join(out, 'workers.json'), '[]')],
  [
    'a file changed to the same size',
    (out) => {
      const path = join(out, 'allowlist.json');
      writeFileSync(path, readFileSync(path, 'utf8').replace(/[a-z]/, 'Z'));
    },
  ],
  ['a missing file', (out) => rmSync(join(out, 'unlocks.json'))],
  ['a file that the manifest does not name', (out) => writeFileSync(join(out, 'more.html'), 'x')],
  ['a hidden file', (out) => writeFileSync(join(out, '.gitattributes'), 'x')],
  ['a link', (out) => symlinkSync('/etc/passwd', join(out, 'models', 'passwd'))],
  [
    'a path out of the folder',
    (out) => {
      writeFileSync(join(out, '../outside'), 'x');
      name(out, '../outside');
    },
  ],
  ['an absolute path', (out) => name(out, '/etc/hostname')],
  [
    'a hidden path',
    (out) => {
      mkdirSync(join(out, '.github'));
      writeFileSync(join(out, '.github/x.yml'), 'x');
      name(out, '.github/x.yml');
    },
  ],
  ['a path of two lines', (out) => name(out, `workers.json\n${'0'.repeat(64)}  /etc/passwd`)],
  ['a path with a backslash', (out) => name(out, 'a\\b')],
  [
    'an empty manifest',
    (out) => {
      rmSync(out, { recursive: true });
      mkdirSync(out);
      writeFileSync(join(out, 'manifest.json'), '{"files":[]}');
    },
  ],
])('%s is not published', (_what, change) => {
  expect(verify(workspace(change)).code).toBe(1);
});

test('a manifest that the build did not vouch for is not published', () => {
  const { work } = workspace();
  const step = runStep('Compare every file with the manifest', work, { MANIFEST: '0'.repeat(64) });
  expect(step).toMatchObject({ code: 1, said: expect.stringContaining('FAILED') });
});

test('the data branch is one commit, and a branch that moved since the build is left alone', () => {
  const remote = join(dir, 'remote.git');
  const git = (...args: string[]) =>
    spawnSync('git', ['--git-dir', remote, ...args], { encoding: 'utf8' }).stdout.trim();
  spawnSync('git', ['init', '--quiet', '--bare', remote]);
  let nights = 0;
  // Equal nights within a second would be one commit.
  const night = (out: string) => {
    nights += 1;
    writeFileSync(join(out, 'night'), String(nights));
  };
  const push = (BASE: string) =>
    runStep('Push the data branch', workspace(night).work, {
      BASE,
      REMOTE: `file://${remote}`,
      GITHUB_TOKEN: 'none',
    });

  expect(push('')).toMatchObject({ code: 0 });
  const first = git('rev-parse', 'data');
  expect(git('show', 'data:manifest.json')).toBe(readFileSync(join(good, 'manifest.json'), 'utf8').trim());

  expect(push('')).toMatchObject({ code: 1, said: expect.stringContaining('stale info') });
  expect(git('rev-parse', 'data')).toBe(first);

  expect(push(first)).toMatchObject({ code: 0 });
  expect(git('rev-list', '--count', 'data')).toBe('1');
});
