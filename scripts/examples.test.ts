import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../pipeline/build.ts';
import { buildOptions } from '../pipeline/commands/options.ts';
import { MiniHub, miniRecord } from '../pipeline/testing/mini-hub.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** The folder of the examples, within the project, so that they find their packages. */
const dir = join(root, 'node_modules', '.examples');

const blocks = [...readFileSync(join(root, 'docs', 'examples.md'), 'utf8').matchAll(/```ts\n(.*?)```/gs)].map(
  (match) => match[1] ?? '',
);

let hub: MiniHub;
beforeAll(async () => {
  mkdirSync(dir, { recursive: true });
  const record = (n: number, id: string, modelType: string) => ({
    ...miniRecord(n),
    id,
    gated: false,
    pipeline_tag: 'text-generation',
    config: { model_type: modelType, architectures: ['LlamaForCausalLM'] },
    safetensors: { parameters: { BF16: 1e9 }, total: 1e9 },
    siblings: ['config.json', 'tokenizer.json', 'model.safetensors'].map((rfilename) => ({ rfilename })),
  });
  hub = await MiniHub.start([record(1, 'demo/llama', 'llama'), record(2, 'demo/other', 'unheard_of')]);
  hub.intercept = ({ pathname }, answer) => {
    if (pathname === '/api/models/demo/llama') answer(200, JSON.stringify(hub.records[0]));
    else if (pathname.endsWith('/config.json')) answer(200, '{"max_position_embeddings": 2048}');
    else return false;
    return true;
  };
  await build(buildOptions(['--out', join(dir, 'out')], {}), () => new Date(0));
});
afterAll(() => {
  hub.stop();
  rmSync(dir, { recursive: true });
});

/**
 * Runs all examples in one process, whose start takes longer than any of them, and returns the output of each, by place.
 */
async function runAll(): Promise<string[][]> {
  const names = blocks.map((code, at) => {
    writeFileSync(
      join(dir, `${at}.mts`),
      code.replaceAll("'@rbee/marketplace-matrix'", "'../../pipeline/index.ts'"),
    );
    return `./${at}.mts`;
  });
  const first = join(dir, 'all.mts');
  writeFileSync(first, names.map((name) => `await import('${name}');\nconsole.log('${END}');\n`).join(''));
  const child = spawn(process.execPath, ['--import', 'tsx', first], {
    cwd: root,
    env: { ...process.env, HF_ENDPOINT: hub.endpoint, OUT: join(dir, 'out') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [text, problems] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  if (child.exitCode === null) await once(child, 'exit');
  expect(problems).toBe('');
  return text.split(`${END}\n`).map((printed) => printed.trim().split('\n'));
}

const END = '--- the example ends here';

describe('README.md', () => {
  it('shows the page of examples/next as it is built, in 15 lines', () => {
    const shown = /```tsx\n(.*?)```/s.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1] ?? '';
    const page = join(root, 'examples', 'next', 'app', 'models', '[...id]', 'page.tsx');
    expect(shown).toBe(readFileSync(page, 'utf8'));
    expect(shown.trim().split('\n').length).toBeLessThanOrEqual(15);
  });
});

describe('docs/examples.md', () => {
  let printed: string[][];
  beforeAll(async () => {
    printed = await runAll();
  });

  it.each(blocks.map((code, at) => [at + 1, code] as const))(
    'example %i prints what it says',
    (number, code) => {
      const expected = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map((match) => match[1]);
      expect(expected.length).toBeGreaterThan(0);
      expect(printed[number - 1]).toEqual(expected);
    },
  );
});
