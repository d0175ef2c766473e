import { describe, expect, it } from 'vitest';
import { byProgram, evidenceChain, wholeAccepts } from './inherit.ts';
import { evidenceFile, type WorkerFile, workerFile } from './worker-schema.ts';

const source = { what: 'match', from: 'a file that can be read' };
const file = (program: string, accept: object, date = '2026-08-01'): WorkerFile =>
  workerFile.parse({
    program,
    name: program,
    version: '1',
    facts: { from: 'a file that can be read', date },
    accepts: [{ format: 'gguf', sources: [source], ...accept }],
    maxContextLength: { tokens: 'unknown', from: 'a file that can be read' },
    backends: [{ backend: 'cpu', platforms: ['linux'], cpuArchitectures: ['x86_64'], from: 'a file' }],
  });
const whole = {
  layouts: ['root'],
  kinds: ['model'],
  tasks: ['any'],
  match: { by: 'gguf', names: ['llama', 'qwen3', 'spark'] },
  quantizations: ['any'],
  exceptQuantizations: ['IQ1_BN'],
  splitWeights: true,
  requiredFiles: [],
};
const parent = file('parent', whole, '2026-11-01');
const resolve = (child: WorkerFile, ...others: WorkerFile[]) =>
  wholeAccepts('child.json', child, {
    programs: byProgram([parent, child, ...others]),
    firstSeen: { gguf: { '2026-10-01': ['spark'] } },
  })[0];

describe('wholeAccepts', () => {
  it('takes what is not stated from the program that is inherited from', () => {
    const child = file('child', { inherits: 'parent', kinds: ['embedding'] }, '2026-11-02');
    expect(resolve(child)).toMatchObject({ ...whole, kinds: ['embedding'] });
  });

  it('adds and removes names, adds exceptions, and leaves out names that are younger than its own facts', () => {
    const child = file('child', {
      inherits: 'parent',
      alsoNames: ['old'],
      exceptNames: ['qwen3'],
      exceptQuantizations: ['F8_E4M3'],
    });
    expect(resolve(child)).toMatchObject({
      match: { names: ['llama', 'old'] },
      exceptQuantizations: ['IQ1_BN', 'F8_E4M3'],
    });
  });

  it('names file, field and the nearest name where the program is not there', () => {
    expect(() => resolve(file('child', { inherits: 'parnt' }))).toThrow(
      'child.json: accepts[0].inherits: found parnt, which no file in data/workers describes; the nearest name is parent.',
    );
  });

  it('refuses a circle', () => {
    const child = file('child', { inherits: 'other' });
    expect(() => resolve(child, file('other', { inherits: 'child' }))).toThrow(
      'found programs that inherit from each other, child gguf -> other gguf -> child gguf',
    );
  });

  it('refuses a way in that neither states a list nor inherits it', () => {
    expect(() => file('child', { kinds: ['model'] })).toThrow(/missing: state it, or inherit it/);
  });
});

describe('evidenceChain', () => {
  const evidence = (program: string, inherits?: string) =>
    evidenceFile.parse({ program, sources: [], ...(inherits === undefined ? {} : { inherits }) });

  it('follows what a program is built on, and refuses circles and strangers', () => {
    const [a, b] = [evidence('a', 'b'), evidence('b')];
    expect(evidenceChain(a, new Map([['b', b]]))).toEqual([a, b]);
    expect(() => evidenceChain(a, new Map([['b', evidence('b', 'a')]]))).toThrow(
      /found programs that inherit from each other, a -> b -> a/,
    );
    expect(() => evidenceChain(a, new Map())).toThrow(
      /inherits: found b, which has no file in data\/evidence/,
    );
  });
});
