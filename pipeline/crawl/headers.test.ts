import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLink, readRateLimit, readRetryAfter } from './headers.ts';

describe('readRateLimit', () => {
  it.each([
    ['"api";r=12;t=34', { left: 12, endsInSeconds: 34 }],
    ['"api"; t=34; r=12', { left: 12, endsInSeconds: 34 }],
    ['"api";r=12', { left: 12, endsInSeconds: undefined }],
    ['r=12, t=34', { left: 12, endsInSeconds: undefined }],
    ['"a;r=1";r=12;t=3, "b";r=2;t=9', { left: 2, endsInSeconds: 9 }],
    ['"api";r=-1;t=x', { left: undefined, endsInSeconds: undefined }],
    ['', { left: undefined, endsInSeconds: undefined }],
  ])('reads %s', (ratelimit, limit) => {
    expect(readRateLimit({ ratelimit })).toMatchObject(limit);
  });

  it('reads the quota of a policy', () => {
    expect(readRateLimit({ 'ratelimit-policy': '"fixed window";"api";w=300;q=500' }).quota).toBe(500);
  });
});

describe('readRetryAfter', () => {
  it.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': ' 1.5 ' }, 1_500],
    [{ 'retry-after': 'Fri, 27 Nov 2026 20:00:10 GMT', date: 'Fri, 27 Nov 2026 20:00:00 GMT' }, 10_000],
    [{ 'retry-after': 'Fri, 27 Nov 2026 20:00:00 GMT', date: 'Fri, 27 Nov 2026 20:00:10 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('reads %j as %j ms', (headers, ms) => {
    expect(readRetryAfter(headers)).toBe(ms);
  });
});

describe('what a stranger may send', () => {
  it('is read without an error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        readLink(text, 'next');
        readRateLimit({ ratelimit: text, 'ratelimit-policy': text });
        readRetryAfter({ 'retry-after': text, date: text });
      }),
    );
    for (const sign of ['"', '<', '\\"', ',', ';'])
      expect(readLink(sign.repeat(100_000), 'next')).toBeUndefined();
  });
});
