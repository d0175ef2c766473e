import { describe, expect, it } from 'vitest';
import { changeDay } from './change-day.ts';

const changes = (came: readonly string[], went: readonly string[] = []) => ({
  first: false,
  added: came.map((id) => ({ id, workers: [] })),
  removed: went.map((id) => ({ id, reasons: [], reasonCodes: [] })),
  changed: [],
});
const left = (id: string, on: string) => ({ id, on, reasonCodes: [], reasons: [] });
const nights = (...counts: readonly (readonly [date: string, allowed: number])[]) =>
  counts.map(([date, allowed]) => ({ date, models: 100, allowed, workers: {}, programs: {} }));

describe('the day of the last changes', () => {
  it('is that on which its models left, whoever left on other days', () => {
    const removed = [left('a/old', '2026-03-01'), left('b/new', '2026-03-04')];
    expect(changeDay(changes(['c/d'], ['b/new']), removed, [])).toBe('2026-03-04');
  });

  it('is that of the count that grew, where nothing left, also when other counts moved since', () => {
    const history = nights(['2026-03-01', 5], ['2026-03-03', 7], ['2026-03-05', 7]);
    expect(changeDay(changes(['a/b', 'c/d']), [], history)).toBe('2026-03-03');
  });

  it('is unknown where the counts do not tell of it', () => {
    const came = changes(['a/b', 'c/d']);
    expect(changeDay(came, [], [])).toBeUndefined();
    expect(changeDay(came, [], nights(['2026-03-03', 7]))).toBeUndefined();
    expect(changeDay(came, [], nights(['2026-03-01', 6], ['2026-03-03', 7]))).toBeUndefined();
  });
});
