import { describe, expect, it } from 'vitest';
import { guardCoverage, loadLimits } from './guards.ts';

const limits = loadLimits();
const night = (config: number, gguf: number) => ({ read: 1_000, fields: { config, gguf } });

describe('guardCoverage', () => {
  it('lets a night through that is much like the last', () => {
    guardCoverage(night(700, 60), night(655, 50), limits);
    guardCoverage(night(700, 60), night(900, 90), limits);
    guardCoverage({ read: 0, fields: {} }, night(1, 1), limits);
  });

  it.each([
    ['config', night(649, 60), '64.9 % of the records have the field config, 70.0 % had it'],
    ['gguf', night(700, 44), 'a drop of more than 25 % of itself'],
    ['gguf', { read: 1_000, fields: { config: 700 } }, 'Only 0.0 % of the records have the field gguf'],
  ])('stops a night that lacks %s', (_, now, message) => {
    expect(() => guardCoverage(night(700, 60), now, limits)).toThrow(message);
  });
});
