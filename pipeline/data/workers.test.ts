import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DATA_DIR, WORKERS_GLOB } from '../lib/paths.ts';
import { loadWorkers, parseWorkerFile } from './workers.ts';

const text = readFileSync(new URL('workers/rbee/llm-worker-rbee.json', DATA_DIR), 'utf8');
const edited = (edit: (file: Record<string, never>) => void) => {
  const file = JSON.parse(text);
  edit(file);
  return () => parseWorkerFile('w.json', JSON.stringify(file));
};

describe('loadWorkers', () => {
  it('spreads a program over its backends', async () => {
    const ids = loadWorkers(WORKERS_GLOB).map(({ id }) => id);
    expect(ids).toEqual(
      expect.arrayContaining(['llm-worker-rbee-cpu', 'llm-worker-rbee-rocm', 'sd-worker-rbee-metal']),
    );
    expect([...ids].sort()).toEqual(ids);
  });

  it('says so when no file matches', async () => {
    expect(() => loadWorkers('/nowhere/*.json')).toThrow('No worker file matches /nowhere/*.json.');
  });
});

describe('parseWorkerFile', () => {
  it.each([
    [
      'an unknown field',
      (file: never) => Object.assign(file, { colour: 'red' }),
      /Unrecognized key.*colour/s,
    ],
    ['a wrong type', (file: never) => Object.assign(file, { version: 1 }), /expected string.*version/s],
    [
      'an unknown format',
      (file: { accepts: { format: string }[] }) => Object.assign(file.accepts[0] ?? {}, { format: 'zip' }),
      /accepts\[0\]\.format/s,
    ],
    [
      'a claim without a source',
      (file: { accepts: { sources?: unknown }[] }) => delete file.accepts[0]?.sources,
      /accepts\[0\]\.sources/s,
    ],
    [
      'a mark of ours',
      (file: never) => Object.assign(file, { name: 'runs {m}' }),
      /must not hold a letter in braces.*name/s,
    ],
    [
      'a file that extraction does not note',
      (file: { accepts: object[] }) =>
        Object.assign(file.accepts[0] ?? {}, { requiredFiles: ['magic.json'] }),
      /magic\.json.*COMPANIONS/s,
    ],
  ])('refuses %s, naming file and field', (_, edit, message) => {
    expect(edited(edit as never)).toThrow(message);
    expect(edited(edit as never)).toThrow(/^w\.json/);
  });

  it('refuses what is no JSON', () => {
    expect(() => parseWorkerFile('w.json', '{')).toThrow(/^w\.json:1 is not JSON: .*; found "\{"/);
  });
});
