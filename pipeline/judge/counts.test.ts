import { describe, expect, it } from 'vitest';
import type { HubRecord } from '../extract/record.ts';
import { COUNTED_FIELDS, fieldsOf } from './counts.ts';

const full: Readonly<Record<string, unknown>> = {
  ...Object.fromEntries(COUNTED_FIELDS.map((name) => [name, 'x'])),
  gated: false,
  siblings: [{ rfilename: 'x' }],
  usedStorage: 0,
};
const countOf = (record: Readonly<Record<string, unknown>>) =>
  fieldsOf(record as unknown as HubRecord)
    .toString(2)
    .replaceAll('0', '').length;

describe('fieldsOf', () => {
  it('counts a field that says something, also false or 0', () => {
    expect(countOf(full)).toBe(COUNTED_FIELDS.length);
  });

  it.each([[[]], [{}], [''], [null], [undefined]])('takes %j for no word', (empty) => {
    for (const name of COUNTED_FIELDS)
      expect(countOf({ ...full, [name]: empty }), name).toBe(COUNTED_FIELDS.length - 1);
    expect(countOf(Object.fromEntries(COUNTED_FIELDS.map((name) => [name, empty])))).toBe(0);
  });
});
