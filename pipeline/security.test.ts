import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { build } from './build.ts';
import { exportPairs, exportWide } from './commands/export.ts';
import { buildOptions } from './commands/options.ts';
import { extractMetadata } from './extract/index.ts';
import { parseRecord } from './extract/record.ts';
import { openMatrix } from './read/node.ts';
import { MiniHub, miniRecord } from './testing/mini-hub.ts';
import { tables } from './testing/models.ts';

const dir = mkdtempSync(join(tmpdir(), 'security-'));
afterAll(() => rmSync(dir, { recursive: true }));

const HOSTILE = [
  '../../../etc/passwd',
  '<img src=x onerror=alert(1)>',
  '\u001b]0;pwned\u0007',
  '::set-output name=x::y',
  '=HYPERLINK("http://evil")',
  '__proto__',
  'a\nb',
] as const;

/** Returns the record of a model that runs, in which every free text is `text`. */
function hostileRecord(n: number, text: string): string {
  return JSON.stringify({
    id: `o/m${n}`,
    gated: false,
    pipeline_tag: 'text-generation',
    tags: [text, `license:${text}`, `base_model:${text}`],
    cardData: { license: text, base_model: text, license_name: text },
    config: { model_type: 'llama', architectures: ['LlamaForCausalLM'], _name_or_path: text },
    safetensors: { parameters: { BF16: 7e9, [text]: 1 }, total: 7e9 },
    siblings: ['config.json', 'tokenizer.json', 'model.safetensors', text, `${text}.gguf`].map(
      (rfilename) => ({ rfilename }),
    ),
  });
}

async function buildFrom(name: string, content: string | Buffer) {
  const [source, out] = [join(dir, name), join(dir, `${name}-out`)];
  writeFileSync(source, content);
  const options = buildOptions(['--source', source, '--out', out, '--cache', join(dir, 'cache')], {});
  return { out, ...(await build(options, () => new Date(0))) };
}

describe('strangers’ strings', () => {
  it('in file names, tags, licenses and cards reach no path of out/ and no control character', async () => {
    const { out, report } = await buildFrom(
      'strings.jsonl',
      HOSTILE.map((text, n) => hostileRecord(n, text)).join('\n'),
    );
    expect(report.models).toBe(HOSTILE.length);
    const paths = readdirSync(out, { recursive: true, encoding: 'utf8' });
    expect(paths.filter((path) => !/^[\w./-]+$/.test(path) || path.includes('..'))).toEqual([]);
    expect(existsSync(join(dir, 'etc'))).toBe(false);
    for (const path of paths.filter((name) => /\.(?:jsonl?|svg)$/.test(name))) {
      const text = readFileSync(join(out, path), 'utf8').replaceAll('\n', '');
      expect(/\p{Cc}/u.test(text), path).toBe(false);
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('start no formula in a CSV export', async () => {
    const matrix = await openMatrix(join(dir, 'strings.jsonl-out'));
    const lines: string[] = [];
    const workers = await matrix.workers();
    for (const rows of [exportPairs, exportWide])
      for await (const line of rows(matrix, workers, { format: 'csv', allowed: false })) lines.push(line);
    const cells = lines.flatMap((line) => line.split(','));
    expect(cells.filter((cell) => /^"?[=+@\t]/.test(cell))).toEqual([]);
  });
});

describe('strangers’ bytes', () => {
  it('that unpack to a thousand times their size are read in pieces, and what is too long is counted', async () => {
    const bomb = gzipSync(
      Buffer.concat([Buffer.from(`${hostileRecord(1, 'x')}\n`), Buffer.alloc(96 * 1024 * 1024, 0x20)]),
    );
    expect(bomb.length).toBeLessThan(200_000);
    const { report } = await buildFrom('bomb.jsonl.gz', bomb);
    expect([report.models, report.records.rejected['longer than the cap']]).toEqual([1, 1]);
  });

  it('that nest a hundred thousand deep are one record that is no record', async () => {
    const deep = `{"id":"a/b","config":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`;
    const { report } = await buildFrom('deep.jsonl', `${deep}\n${hostileRecord(1, 'x')}\n`);
    expect(report.records.read).toBe(2);
    expect(report.allowed).toBe(1);
  });

  it('that make regular expressions go back and forth are read as quickly as any', () => {
    const nasty = [
      'a'.repeat(1_000),
      '-00001-of-'.repeat(100),
      'Q4_K_M.'.repeat(140),
      '.'.repeat(1_000),
      '-_.'.repeat(330),
    ];
    for (const text of nasty) {
      const siblings = Array.from({ length: 1_000 }, (_, n) => ({
        rfilename: `${text}${n}.gguf`.slice(-1_000),
      }));
      const parsed = parseRecord({ id: 'a/b', gated: false, tags: [text], siblings });
      expect(parsed.ok && extractMetadata(parsed.record, tables).id).toBe('a/b');
    }
  });
});

it('leaves the token in no file of out/ and of the cache', async () => {
  const [out, cache] = [join(dir, 'token-out'), join(dir, 'token-cache')];
  const llama = { config: { model_type: 'llama', architectures: ['LlamaForCausalLM'] }, gated: false };
  const hub = await MiniHub.start([miniRecord(1, llama), miniRecord(2, llama)]);
  const sent: (string | undefined)[] = [];
  hub.intercept = (_, __, request) => {
    sent.push(request.headers.authorization);
    return false;
  };
  const options = buildOptions(['--source', 'hub', '--out', out, '--cache', cache], {
    HF_ENDPOINT: hub.endpoint,
    HF_TOKEN: 'hf_secret',
  });
  await build(options, () => new Date(0));
  hub.stop();
  expect(sent).toContain('Bearer hf_secret');
  const files = [out, cache].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  expect(files.length).toBeGreaterThan(10);
  expect(files.filter((path) => readFileSync(path).includes('hf_secret'))).toEqual([]);
});
