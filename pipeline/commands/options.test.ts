import { describe, expect, it } from 'vitest';
import { UsageError } from '../lib/errors.ts';
import { buildOptions, queryOptions } from './options.ts';

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
    [['--out', ''], '--out takes a folder, not nothing.'],
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
    [{ npm_config_dry_run: 'true' }, /^npm kept --dry-run for itself.* npm run build:matrix -- --dry-run/],
    [{ npm_config_limit: '5' }, /^npm kept --limit/],
    [{ npm_config_accept: 'controls' }, /^npm kept --accept/],
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
    expect(problemOf(() => queryOptions([], env))).toMatch(message);
  });

  it('take the old name of --accept', () => {
    expect(buildOptions(['--accept', 'controls', '--accept-shrink', 'damaged-out'], {}).accept).toEqual([
      'controls',
      'damaged-out',
    ]);
  });

  it.each([
    [['--format', 'xml'], '--format takes jsonl or csv, not xml.'],
    [['a/b', 'c/d'], 'One repo id at a time; found a/b c/d.'],
  ])('of a question: %j are refused by name', (args, message) => {
    expect(problemOf(() => queryOptions(args, {}))).toMatch(message);
  });
});
