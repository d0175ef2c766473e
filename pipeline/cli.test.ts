import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'cli-'));
const out = join(dir, 'out');
afterAll(() => rmSync(dir, { recursive: true }));

function cli(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'pipeline/cli.ts', ...args],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, HF_ENDPOINT: '' },
    },
  );
  return { status, stdout, stderr };
}

describe('the command line', () => {
  beforeAll(() => {
    expect(cli('build', '--out', out, '--workers', 'data/workers/rbee/*.json')).toMatchObject({ status: 0 });
  });

  it('ends a build with its summary', () => {
    const { stdout } = cli('build', '--out', out, '--workers', 'data/workers/rbee/*.json');
    expect(stdout).toMatch(/records +178 read, 0 rejected, 0 duplicates/);
    expect(stdout).toMatch(/llm-worker-rbee-cpu +77/);
    expect(stdout).toMatch(/written +0 files, 0 bytes/);
  });

  it('explains a model in words and as JSON', () => {
    const { status, stdout } = cli('explain', 'Qwen/Qwen3-8B', '--out', out);
    expect(status).toBe(0);
    expect(stdout).toMatch(/model_type +qwen3 +from the config/);
    expect(stdout).toMatch(/✗ llm-worker-rbee-\{cpu,cuda,metal,rocm\}: does not run/);
    expect(stdout).toMatch(
      /has no loader for the model_type qwen3; it has loaders for llama, mistral, phi, qwen2 and gemma\./,
    );
    const json = JSON.parse(cli('explain', 'Qwen/Qwen3-8B', '--out', out, '--json').stdout);
    expect(json.verdicts['llm-worker-rbee-cpu'].status).toBe('incompatible');
  });

  it('exports a row per model and worker', () => {
    const jsonl = cli('export', '--out', out, '--format', 'jsonl').stdout.trim().split('\n');
    const rows = jsonl.map((line) => JSON.parse(line));
    expect(new Set(rows.map(({ model }) => model)).size).toBe(178);
    expect(rows.length % 178).toBe(0);
    const csv = cli('export', '--out', out, '--format', 'csv').stdout.trim().split('\n');
    expect(csv[0]).toBe(
      'model,worker,status,confidence,reasonCodes,variant,contextLength,parameters,sizeBytes,memoryBytes,memoryGrade',
    );
    expect(csv).toHaveLength(jsonl.length + 1);
    expect(csv).toContain(
      'TinyLlama/TinyLlama-1.1B-Chat-v1.0,llm-worker-rbee-cpu,compatible,high,run_verified,safetensors:BF16,2048,1100048384,2200119864,4492468224,exact',
    );
  });

  it.each([
    [['bild'], 2, 'There is no command "bild".'],
    [['build', '--colour', 'red'], 2, '--colour'],
    [['explain', '--out', out], 2, 'Name a repo id'],
    [
      ['explain', 'a/b', '--device', 'large'],
      2,
      '--device takes the memory of a device in GB, such as 12, not large',
    ],
    [['explain', 'a/b', '--out', '/nowhere'], 2, '/nowhere has no manifest.json.'],
    [['explain', 'a/b', '--out', out], 1, 'has no model a/b. Try --live to ask the Hub.'],
  ])('answers %j with %i', (args, status, message) => {
    const result = cli(...args);
    expect(result.status).toBe(status);
    expect(result.stderr).toContain(message);
  });

  it('prints neither the token nor escape sequences that a Hub sends back', async () => {
    const server = createServer((request, response) => {
      response.writeHead(400).end(`\u001b]0;pwned\u0007 ${request.headers.authorization}`);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const child = spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        'pipeline/cli.ts',
        'build',
        '--source',
        'hub',
        '--out',
        join(dir, 'echo'),
        '--cache',
        join(dir, 'cache'),
      ],
      {
        cwd: root,
        env: { ...process.env, HF_ENDPOINT: endpoint, HF_TOKEN: 'hf_secret\n' },
      },
    );
    const [stderr, stdout] = [await text(child.stderr), await text(child.stdout)];
    server.close();
    expect(stderr).toContain('The Hub answers 400 to its listing');
    expect(stderr).toContain('[token]');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it must not be there
    expect(stderr + stdout).not.toMatch(/hf_secret|password|\u001b|\u0007/);
  });

  it('adds a summary to that of the job, also of a night that was stopped', () => {
    const path = join(dir, 'summary.md');
    const run = (...args: string[]) =>
      spawnSync(process.execPath, ['--import', 'tsx', 'pipeline/cli.ts', 'build', '--out', out, ...args], {
        cwd: root,
        env: { ...process.env, GITHUB_STEP_SUMMARY: path },
      }).status;
    expect(run('--dry-run')).toBe(0);
    expect(run('--source', '/nowhere/*.jsonl')).toBe(2);
    const heads = readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('## '));
    expect(heads).toEqual([
      '## ✅ Dry run, nothing is published: 86 models on the allowlist (+0 −0)',
      expect.stringMatching(/^## ❌ Not published, the last out\/ stays: No file matches/),
    ]);
  });

  it('ends as it would where the summary cannot be written, and says why a night was stopped', () => {
    const run = (...args: string[]) =>
      spawnSync(process.execPath, ['--import', 'tsx', 'pipeline/cli.ts', 'build', '--out', out, ...args], {
        cwd: root,
        encoding: 'utf8',
        env: { ...process.env, GITHUB_STEP_SUMMARY: join(dir, 'nowhere', 'summary.md') },
      });
    const [fine, stopped] = [run('--dry-run'), run('--source', '/nowhere/*.jsonl')];
    expect([fine.status, stopped.status]).toEqual([0, 2]);
    expect(fine.stderr).toContain('The summary was not written: ENOENT');
    expect(stopped.stderr).toContain('No file matches /nowhere');
  });

  it('tells its usage where that is asked for', () => {
    const { status, stdout } = cli('build', '--help');
    expect([status, stdout]).toEqual([0, expect.stringContaining('--accept GUARD')]);
  });

  it('stops with 1 when the data is wrong, naming the file', () => {
    const worker = join(dir, 'worker.json');
    writeFileSync(worker, '{"program": "x"}');
    const { status, stderr } = cli('build', '--out', out, '--workers', worker);
    expect(status).toBe(1);
    expect(stderr).toContain(`${worker} has wrong or missing fields`);
  });
});
