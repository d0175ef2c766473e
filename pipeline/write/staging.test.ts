import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { build } from '../build.ts';
import { buildOptions } from '../commands/options.ts';
import { isMountPoint } from './out-place.ts';
import { publishFiles } from './publish-files.ts';

let dir: string;
let out: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'staging-'));
  out = join(dir, 'out');
});
afterEach(() => {
  spawnSync('umount', [out]);
  rmSync(dir, { recursive: true });
});

const night = (source: string, ...flags: string[]) =>
  build(
    buildOptions(
      ['--source', `data/snapshot/${source}.jsonl`, '--out', out, '--cache', join(dir, 'c'), ...flags],
      {},
    ),
    () => new Date(0),
  );

/** Returns every file of the out/ with its content. */
const contentOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => lstatSync(join(folder, path)).isFile())
    .sort()
    .map((path) => `${path} ${readFileSync(join(folder, path), 'utf8')}`);

describe('nights', () => {
  it('follow no link of the last out/, and carry nothing over through one', async () => {
    await night('llama');
    const secret = join(dir, 'secret');
    writeFileSync(secret, 'HF_TOKEN=hf_secret');
    symlinkSync(secret, join(out, 'README.md'));
    const allowlist = readFileSync(join(out, 'allowlist.json'));
    writeFileSync(join(dir, 'same'), allowlist);
    rmSync(join(out, 'allowlist.json'));
    symlinkSync(join(dir, 'same'), join(out, 'allowlist.json'));
    rmSync(join(out, 'removed.json'));
    spawnSync('mkfifo', [join(out, 'removed.json')]);
    await night('llama');
    expect(lstatSync(join(out, 'allowlist.json')).isFile()).toBe(true);
    expect(lstatSync(join(out, 'removed.json')).isFile()).toBe(true);
    expect(readFileSync(join(out, 'README.md'), 'utf8')).toBe(readFileSync('data/out-readme.md', 'utf8'));
    expect(contentOf(out).join('\n')).not.toContain('hf_secret');
  });

  it('publish into a mount point as into any folder, and leave nothing else there', async () => {
    mkdirSync(out);
    if (spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', out]).status !== 0) return;
    expect([isMountPoint(out), isMountPoint(dir)]).toEqual([true, false]);
    await night('llama');
    await night('gguf', '--accept', 'allowlist-shrink');
    const mounted = contentOf(out);
    spawnSync('umount', [out]);
    await night('llama');
    await night('gguf', '--accept', 'allowlist-shrink');
    expect(mounted).toEqual(contentOf(out));
  });

  it('go on with a move of files that was stopped half way', async () => {
    await night('llama');
    const next = join(dir, 'next');
    const other = join(dir, 'other');
    await night('gguf', '--out', other);
    const wanted = contentOf(other);
    spawnSync('cp', ['-r', other, next]);
    // A folder in the place of a file stops the move somewhere.
    const blocked = join(out, 'unlocks.json');
    rmSync(blocked);
    mkdirSync(join(blocked, 'x'), { recursive: true });
    expect(() => publishFiles(next, out)).toThrow();
    expect(existsSync(join(next, 'manifest.json'))).toBe(true);
    rmSync(blocked, { recursive: true });
    publishFiles(next, out);
    expect(contentOf(out)).toEqual(wanted);
    expect(existsSync(next)).toBe(false);
  });

  it('are moved through no link, and remove nothing behind one', async () => {
    await night('llama');
    const [next, elsewhere] = [join(dir, 'next'), join(dir, 'elsewhere')];
    mkdirSync(elsewhere);
    await night('gguf', '--out', next);
    const wanted = contentOf(next);
    // A folder that tonight fills, and one that only the last manifest names.
    spawnSync('mv', [join(out, 'models'), join(elsewhere, 'models')]);
    symlinkSync(join(elsewhere, 'models'), join(out, 'models'));
    const before = contentOf(elsewhere);
    publishFiles(next, out);
    expect(contentOf(out)).toEqual(wanted);
    expect(lstatSync(join(out, 'models')).isDirectory()).toBe(true);
    expect(contentOf(elsewhere)).toEqual(before);
  });

  it('are refused at once where out/ holds what is not ours', async () => {
    mkdirSync(out);
    writeFileSync(join(out, 'notes.txt'), 'x');
    const asked = buildOptions(['--source', 'hub', '--out', out, '--cache', join(dir, 'c')], {
      HF_ENDPOINT: 'http://127.0.0.1:9',
    });
    await expect(build(asked, () => new Date(0))).rejects.toThrow('so it was not written by this program');
    expect(existsSync(join(dir, 'c'))).toBe(false);
  });

  it('are refused with the remedy where neither out/ nor its parent may be written', () => {
    const sealed = join(dir, 'sealed');
    mkdirSync(sealed);
    chmodSync(sealed, 0o555);
    const command = [
      '--reuid',
      'nobody',
      '--clear-groups',
      process.execPath,
      '--import',
      'tsx',
      'pipeline/cli.ts',
    ];
    chmodSync(dir, 0o755);
    const args = [...command, 'build', '--out', join(sealed, 'out'), '--cache', join(dir, 'c')];
    const { status, stderr } = spawnSync('setpriv', args, {
      encoding: 'utf8',
      env: { ...process.env, TMPDIR: '/tmp' },
    });
    if (process.getuid?.() !== 0) return;
    expect(stderr).toMatch(
      /--out .* cannot be written: .* gives the error EACCES\. Give this user the right to write it, or name another/,
    );
    expect(status).toBe(1);
  });
});
