import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as bundle, transformSync } from 'esbuild';
import glob from 'fast-glob';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../pipeline/build.ts';
import { buildOptions } from '../pipeline/commands/options.ts';
import { getWorker, listWorkerBinaries } from '../pipeline/index.ts';
import { serveFolder } from './package/serve-folder.ts';

/** The time limit in milliseconds: builds of Next take half a minute each on an idle machine. */
const LONG_MS = 200_000;
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

const root = fileURLToPath(new URL('..', import.meta.url));
/**
 * The folder of the projects, within the clone, so that they find Next, Vite and TypeScript; the package itself is
 * installed here.
 */
const dir = join(root, '.consumers');
const out = join(dir, 'out');
const name = '@rbee/marketplace-matrix';
const installed = join(dir, 'node_modules', name);

const workers = `${listWorkerBinaries().length}\n`;
const REFUSED = 'Qwen/Qwen3-8B';
const ALLOWED = 'Qwen/Qwen2.5-0.5B-Instruct';

/** Creates a project from files. */
function project(name: string, files: Readonly<Record<string, string>>): string {
  const path = join(dir, name);
  rmSync(path, { recursive: true, force: true });
  for (const [file, text] of Object.entries({ 'package.json': '{"private": true}', ...files })) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), text);
  }
  return path;
}

/** Returns the output of a command; when it fails, throws an error with all of its output. */
function run(cwd: string, ...args: readonly string[]): string {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', MATRIX: out, NODE_ENV: undefined };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, env, encoding: 'utf8' });
  expect(status, `${stdout}\n${stderr}`).toBe(0);
  return stdout;
}

/** Returns the path of the script that a package of the clone names as its `bin`. */
function bin(packageName: string, command = packageName): string {
  const path = join(root, 'node_modules', packageName);
  const { bin: named } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>;
  };
  return join(path, typeof named === 'string' ? named : (named[command] ?? ''));
}

const copyExample = (from: string, to: string) =>
  cpSync(join(root, 'examples', from), join(dir, to), { recursive: true });

beforeAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir);
  writeFileSync(join(dir, 'package.json'), '{"private": true}');
  const npm = (cwd: string, ...args: string[]) =>
    execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  // `prepack` builds: a fresh clone has no dist/.
  npm(root, 'pack', '--silent', '--pack-destination', dir);
  const [tarball = ''] = glob.sync('*.tgz', { cwd: dir });
  npm(
    dir,
    'install',
    '--offline',
    '--no-package-lock',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    `./${tarball}`,
  );
  const source = 'data/snapshot/{qwen,refused-architectures}.jsonl';
  await build(buildOptions(['--source', source, '--out', out], {}), () => new Date(0));
}, LONG_MS);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('the installed package', () => {
  it('is all that is installed, with the licenses of what it bundles', () => {
    expect(readdirSync(join(dir, 'node_modules')).filter((entry) => !entry.startsWith('.'))).toEqual([
      '@rbee',
    ]);
    expect(readdirSync(join(dir, 'node_modules', '@rbee'))).toEqual(['marketplace-matrix']);
    const licenses = readFileSync(join(installed, 'dist', 'licenses.txt'), 'utf8');
    for (const library of ['undici', 'json5', 'lru-cache']) expect(licenses).toContain(library);
  });

  it('is imported by ESM', () => {
    const path = project('esm', {
      'package.json': '{"private": true, "type": "module"}',
      'a.js': `import { listWorkerBinaries } from '${name}'; console.log(listWorkerBinaries().length);`,
    });
    expect(run(path, 'a.js')).toBe(workers);
  });

  it('is required by CommonJS, and where a Node cannot it says what to do', () => {
    const path = project('cjs', {
      'a.cjs': `console.log(require('${name}').listWorkerBinaries().length);`,
      'b.cjs': `import('${name}').then(({ listWorkerBinaries }) => console.log(listWorkerBinaries().length));`,
    });
    expect(run(path, 'a.cjs')).toBe(workers);
    expect(run(path, '--no-experimental-require-module', 'b.cjs')).toBe(workers);
    const old = spawnSync(process.execPath, ['--no-experimental-require-module', 'a.cjs'], {
      cwd: path,
      encoding: 'utf8',
    });
    expect(old.stderr).toMatch(/require\(\) of ES Module .*\n?.*dynamic import\(\)/s);
  });

  it('gives the same workers and verdicts as the sources', () => {
    const path = project('same', {
      'a.mjs': `import { getWorker } from '${name}'; console.log(JSON.stringify(getWorker('vllm-cuda')));`,
    });
    expect(JSON.parse(run(path, 'a.mjs'))).toEqual(JSON.parse(JSON.stringify(getWorker('vllm-cuda'))));
  });

  it.each([
    ['everything', 'listWorkerBinaries().length'],
    ['the reader alone', `(await openMatrix(process.env.MATRIX)).header.models > 0 ? ${workers.trim()} : 0`],
  ])('is bundled by esbuild into one file that needs no other: %s', async (what, expression) => {
    const path = project(`esbuild-${what.replaceAll(' ', '-')}`, {
      'a.mjs': `import { listWorkerBinaries, openMatrix } from '${name}'; console.log(${expression});`,
    });
    await bundle({
      absWorkingDir: path,
      entryPoints: ['a.mjs'],
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: 'one/b.mjs',
    });
    // Elsewhere: nothing of it is read by its path.
    const alone = join(root, 'node_modules', '.alone');
    cpSync(join(path, 'one'), alone, { recursive: true });
    expect(run(alone, 'b.mjs')).toBe(workers);
    rmSync(alone, { recursive: true });
  });

  it('keeps the entry for browsers free of modules of Node', async () => {
    const path = project('pure', {
      'a.mjs': `import { checkCompatibility, loadData } from '${name}/browser'; console.log(checkCompatibility, loadData);`,
    });
    await bundle({
      absWorkingDir: path,
      entryPoints: ['a.mjs'],
      bundle: true,
      splitting: true,
      platform: 'browser',
      format: 'esm',
      outdir: 'b',
    });
    expect(readFileSync(join(path, 'b', 'a.js'), 'utf8')).not.toMatch(/["']node:/);
  });
});

describe('types', () => {
  const code = `import { checkCompatibility, getWorker, openMatrix, type MatrixModel, type Report } from '${name}';
import { loadData } from '${name}/browser';
export async function ask(out: string): Promise<[MatrixModel | undefined, Report]> {
  const matrix = await openMatrix(out);
  const worker = getWorker('vllm-cuda');
  if (worker !== undefined) checkCompatibility({ architecture: 'llama', format: 'gguf' }, worker).reasons.map((reason) => reason.length);
  await loadData();
  return [await matrix.model('a/b'), await matrix.report()];
}
// @ts-expect-error a model has no such fact
export const wrong = (model: MatrixModel) => model.facts.colour;
`;

  it.each([
    ['bundler', 'esnext', 'module'],
    ['node16', 'node16', 'module'],
    ['nodenext', 'nodenext', 'module'],
    ['nodenext', 'nodenext', 'commonjs'],
  ])('are found by moduleResolution %s (module %s, a package of type %s)', (resolution, module, type) => {
    const path = project(`types-${resolution}-${type}`, {
      'package.json': `{"private": true, "type": "${type}"}`,
      'a.ts': code,
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          strict: true,
          noEmit: true,
          target: 'es2022',
          lib: ['es2023'],
          skipLibCheck: false,
          types: [],
          module,
          moduleResolution: resolution,
        },
      }),
    });
    run(path, bin('typescript', 'tsc'));
  });
});

describe('the command', () => {
  const explain = (...args: string[]) => run(dir, join(installed, 'dist', 'cli.js'), ...args);

  it('is what npx runs', () => {
    const path = join(dir, 'node_modules', '.bin', 'marketplace-matrix');
    expect(run(dir, path, 'explain', REFUSED)).toMatch(/^Not in the marketplace: /);
  });

  it('answers from the snapshot in the package, from a folder and from an address', async () => {
    expect(explain('explain', 'https://huggingface.co/qwen/qwen3-8b/tree/main')).toContain(
      'From the snapshot in this package',
    );
    expect(explain('explain', ALLOWED, '--out', out)).toContain(`From ${out}`);
    const host = await serveFolder(out);
    const child = spawn(process.execPath, [
      join(installed, 'dist', 'cli.js'),
      'explain',
      ALLOWED,
      '--from',
      host.url,
    ]);
    let text = '';
    for await (const chunk of child.stdout) text += chunk;
    expect(text).toMatch(/^In the marketplace: it runs with rbee LLM worker on /);
    host.stop();
  });

  it.each(['explain', 'export'])('explains every option of %s', (command) => {
    const help = explain(command, '--help');
    for (const flag of ['--out DIR', '--from URL', '--worker IDS']) expect(help).toContain(flag);
  });
});

describe('examples/vite', () => {
  it.skipIf(!existsSync(CHROMIUM))(
    'builds, and answers in Chromium from an out/ beside the page (skipped without it)',
    async () => {
      copyExample('vite', 'vite');
      run(join(dir, 'vite'), bin('vite'), 'build');
      cpSync(out, join(dir, 'vite', 'dist', 'out'), { recursive: true });
      const host = await serveFolder(join(dir, 'vite', 'dist'));
      const browser: Browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
      const page = await browser.newPage();
      await page.goto(`${host.url}/index.html`);
      await page.waitForLoadState('networkidle');
      await page.click('button');
      const answer = page.locator('li', { hasText: 'llm-worker-rbee-cpu' });
      expect(await answer.textContent()).toBe('llm-worker-rbee-cpu: incompatible, confidence none');
      await browser.close();
      host.stop();
    },
    LONG_MS,
  );
});

describe('examples/python', () => {
  const hasPython = spawnSync('python3', ['--version']).status === 0;
  it.skipIf(!hasPython)('reads verdicts by the standard library alone (skipped without python3)', () => {
    const script = join(root, 'examples', 'python', 'read_out.py');
    const { stdout } = spawnSync('python3', [script, out, REFUSED], { encoding: 'utf8' });
    const { verdicts } = JSON.parse(stdout) as { verdicts: Record<string, { status: string }> };
    expect(verdicts['llm-worker-rbee-cpu']?.status).toBe('incompatible');
  });
});

describe('examples/next', () => {
  /** Turns an example into JavaScript. Its types are checked once, where the example is kept. */
  function asJavaScript(path: string): void {
    for (const file of glob.sync('**/*.{ts,tsx}', {
      cwd: path,
      absolute: true,
      ignore: ['**/node_modules/**'],
    })) {
      const { code } = transformSync(readFileSync(file, 'utf8'), { loader: 'tsx', jsx: 'preserve' });
      writeFileSync(file.replace(/\.ts(x?)$/, '.js$1'), code);
      rmSync(file);
    }
  }

  async function statusOf(next: string, path: string): Promise<(id: string) => Promise<[number, string]>> {
    const server = spawn(process.execPath, [next, 'start', '--port', '0'], {
      cwd: path,
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', MATRIX: out, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    servers.push(() => server.kill());
    let said = '';
    for await (const chunk of server.stdout) {
      said += chunk;
      const address = /http:\/\/localhost:\d+/.exec(said)?.[0];
      if (address !== undefined && /Ready/.test(said))
        return async (id) => {
          const response = await fetch(`${address}/models/${id}`);
          return [response.status, await response.text()];
        };
    }
    throw new Error(`Next did not start: ${said}`);
  }
  const servers: (() => void)[] = [];
  afterAll(() => {
    for (const stop of servers) stop();
  });

  it.each([
    ['Next 16, Turbopack, Cache Components on', 'next', '--turbopack', true],
    ['Next 16, webpack', 'next', '--webpack', false],
    ['Next 15, webpack', 'next-15', undefined, false],
  ] as const)(
    'has a page for what runs and 404 for what does not: %s',
    async (_, version, bundler, cacheComponents) => {
      const path = join(dir, `${version}${bundler ?? ''}`);
      copyExample('next', `${version}${bundler ?? ''}`);
      if (cacheComponents)
        writeFileSync(
          join(path, 'next.config.mjs'),
          'export default { cacheComponents: true, partialPrefetching: true };',
        );
      else asJavaScript(path);
      // Its own modules ask for `next` by name: an older one needs that name.
      const next =
        version === 'next' ? join(root, 'node_modules', 'next') : join(path, 'node_modules', 'next');
      if (version !== 'next')
        cpSync(join(root, 'node_modules', version), next, {
          recursive: true,
          mode: constants.COPYFILE_FICLONE,
        });
      const script = join(next, 'dist', 'bin', 'next');
      run(path, script, 'build', ...(bundler === undefined ? [] : [bundler]));
      const answer = await statusOf(script, path);
      const [status, text] = await answer(ALLOWED);
      expect(status).toBe(200);
      expect(text).toContain('llm-worker-rbee-cpu');
      expect(text).toMatch(/Memory:.*GB/);
      for (const id of [REFUSED, 'no/such']) expect((await answer(id))[0]).toBe(404);
    },
    LONG_MS,
  );
});
