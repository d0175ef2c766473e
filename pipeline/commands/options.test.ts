import { describe, expect, it } from 'vitest';
import { UsageError } from '../lib/errors.ts';
import { CLONE } from './home.ts';
import { buildOptions } from './options.ts';
import { explainOptions, exportOptions } from './query-options.ts';

function problemOf(read: () => unknown): string {
  try {
    read();
    return 'none';
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as UsageError).message;
  }
}

describe('options', () => {
  it.each([
    [['hub'], 'build takes no argument "hub"; flags begin with --.'],
    [['--limit', 'many'], '--limit takes a whole number above 0, not many.'],
    [['--limit', '0'], '--limit takes a whole number above 0, not 0.'],
    [['--quota-share', '2'], '--quota-share takes a number above 0 and at most 1, not 2.'],
    [['--out', ''], '--out needs the name of a folder.'],
    [['--accept', 'all'], /^--accept takes .*allowlist-shrink.*, not all\.$/],
    [['--colour', 'red'], /--colour/],
    [
      ['--timeout', '600000'],
      /^--timeout takes seconds, at most 3600, not 600000; 600000 milliseconds would be 600\.$/,
    ],
  ])('of a build: %j are refused by name', (args, message) => {
    expect(problemOf(() => buildOptions(args, {}))).toMatch(message);
  });

  it.each([
    [{ npm_config_dry_run: 'true' }, /^npm took --dry-run for itself.* npm run build:matrix -- --dry-run/],
    [{ npm_config_limit: '5' }, /^npm took --limit/],
    [{ npm_config_accept: 'controls' }, /^npm took --accept/],
  ])('refuse what npm kept for itself: %j', (left, message) => {
    const env = { npm_lifecycle_event: 'build:matrix', npm_config_cache: '/home/me/.npm', ...left };
    expect(problemOf(() => buildOptions([], env))).toMatch(message);
    expect(problemOf(() => buildOptions([], { ...env, npm_lifecycle_event: undefined }))).toBe('none');
  });

  it.each([
    [{ HF_TOKEN: 'hf_a\nhf_b' }, /^HF_TOKEN holds a line break/],
    [{ HF_TOKEN: 'hf_ä' }, /^HF_TOKEN holds/],
    [{ HF_ENDPOINT: 'https://user:pass@hub.example' }, /^HF_ENDPOINT holds a user or a password/],
    [{ HF_ENDPOINT: 'ftp://hub.example' }, /^HF_ENDPOINT takes an address/],
  ])('refuse a setting that no request could carry: %j', (env, message) => {
    expect(problemOf(() => buildOptions([], env))).toMatch(message);
    expect(problemOf(() => explainOptions(['a/b'], env, CLONE))).toMatch(message);
  });

  it('take the old name of --accept', () => {
    expect(buildOptions(['--accept', 'controls', '--accept-shrink', 'damaged-out'], {}).accept).toEqual([
      'controls',
      'damaged-out',
    ]);
  });

  it.each([
    [['a/b', 'c/d'], 'explain takes one id at a time, not a/b c/d.'],
    [[], 'Name a repo id'],
    [['a/b', '--live', '--out', 'x'], '--live asks the Hub; leave out --out and --from.'],
    [
      ['a/b', '--out', 'x', '--from', 'http://x/'],
      'Give --out for a folder or --from for an address, not both.',
    ],
    [
      ['a/b', '--from', 'out'],
      '--from takes an address that begins with http, not "out"; a folder is --out.',
    ],
  ])('of a question: %j are refused by name', (args, message) => {
    expect(problemOf(() => explainOptions(args, {}, CLONE))).toContain(message);
  });

  it.each([
    [['--format', 'xml'], '--format takes jsonl or csv, not xml.'],
    [['a/b'], 'export takes no argument "a/b"; flags begin with --.'],
  ])('of a table: %j are refused by name', (args, message) => {
    expect(problemOf(() => exportOptions(args, {}, CLONE))).toBe(message);
  });

  it('of a question take workers in one list or in several', () => {
    const { workers } = explainOptions(['a/b', '--worker', 'vllm,ollama', '--worker', 'jan'], {}, CLONE);
    expect(workers).toEqual(['vllm', 'ollama', 'jan']);
  });
});
