import { expect, it } from 'vitest';
import { timeline } from './nights.ts';

const night = (date: string, allowed: number) => ({ date, allowed, models: 9, workers: {}, programs: {} });
const gone = (id: string, on: string) => ({ id, on, reasonCodes: [], reasons: [] });

it('has the last night first, with its difference and what left', () => {
  const removed = [gone('a/b', '2026-03-02'), gone('c/d', '2026-03-03')];
  expect(timeline([night('2026-03-01', 5), night('2026-03-02', 7)], removed)).toEqual([
    { date: '2026-03-03', allowed: undefined, difference: undefined, removed: [removed[1]] },
    { date: '2026-03-02', allowed: 7, difference: 2, removed: [removed[0]] },
    { date: '2026-03-01', allowed: 5, difference: undefined, removed: [] },
  ]);
});
