import { describe, expect, it } from 'vitest';
import { addTrouble, isBelieved, isDue, type Trouble, troubleOf } from './trouble.ts';

const hour = (n: number) => new Date(Date.UTC(2026, 0, 1, n));

describe('troubleOf', () => {
  const json = '{"error":"no"}';
  it.each([
    [404, { 'x-error-code': 'RepoNotFound' }, '', 'gone'],
    [401, {}, json, 'gone'],
    [401, {}, '<html>', 'failed'],
    [403, {}, '<html>', 'failed'],
    [403, {}, json, 'refused'],
    [401, { 'x-error-code': 'GatedRepo' }, '', 'refused'],
    [404, { 'x-error-code': 'EntryNotFound' }, '', 'refused'],
    [404, {}, json, 'failed'],
    [404, {}, '<html>', 'failed'],
    [410, {}, '', 'failed'],
    [451, {}, '', 'failed'],
  ])('takes %i %j %s for %s', (status, headers, text, kind) => {
    expect(troubleOf({ status, headers, text }, false)).toBe(kind);
  });

  it('takes 401 for no word of the repository where a token was sent', () => {
    expect(troubleOf({ status: 401, headers: {}, text: json }, true)).toBe('failed');
  });
});

describe('trouble', () => {
  it('is believed once two nights say the same, and a night is six hours', () => {
    const once = addTrouble(undefined, 'gone', hour(0));
    expect(isBelieved(once)).toBe(false);
    expect(isBelieved(addTrouble(once, 'gone', hour(5)))).toBe(false);
    expect(isBelieved(addTrouble(once, 'gone', hour(6)))).toBe(true);
    expect(isBelieved(addTrouble(once, 'refused', hour(24)))).toBe(false);
  });

  it('that is a failure is never a fact', () => {
    let trouble: Trouble | undefined;
    for (let day = 0; day < 9; day += 1) trouble = addTrouble(trouble, 'failed', hour(day * 24));
    expect(trouble).toMatchObject({ nights: 9 });
    expect(isBelieved(trouble as Trouble)).toBe(false);
  });

  it.each([
    ['failed', 1, 1, true],
    ['failed', 2, 24, false],
    ['failed', 2, 48, true],
    ['failed', 30, 15 * 24, false],
    ['failed', 30, 16 * 24, true],
    ['refused', 1, 1, true],
    ['refused', 2, 24, false],
    ['refused', 2, 30 * 24, true],
    ['gone', 5, 1, true],
    ['failed', 9, -24, true],
  ] as const)('%s on %i nights lets it be asked after %i hours: %s', (kind, nights, hours, due) => {
    expect(isDue({ kind, nights, at: hour(0).toISOString() }, hour(hours))).toBe(due);
  });
});
