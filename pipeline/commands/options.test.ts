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
    [['--accept-shrink', 'all'], /^--accept-shrink takes .*allowlist-shrink.*, not all\.$/],
    [['--colour', 'red'], /--colour/],
  ])('of a build: %j are refused by name', (args, message) => {
    expect(problemOf(() => buildOptions(args, {}))).toMatch(message);
  });

  it.each([
    [['--format', 'xml'], '--format takes jsonl or csv, not xml.'],
    [['a/b', 'c/d'], 'One repo id at a time; found a/b c/d.'],
  ])('of a question: %j are refused by name', (args, message) => {
    expect(problemOf(() => queryOptions(args, {}))).toMatch(message);
  });
});
