import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRepoId } from '../lib/repo-id.ts';
import { parseRecord } from './record.ts';

describe('parseRecord', () => {
  it('looks past the fields it does not know', () => {
    const parsed = parseRecord({
      id: 'a/b',
      likes: 3,
      spaces: ['x'],
      siblings: [{ rfilename: 'f', lfs: {} }],
    });
    expect(parsed).toMatchObject({
      ok: true,
      record: { id: 'a/b', likes: 3, siblings: [{ rfilename: 'f' }] },
      ignored: [],
    });
  });

  it('drops a malformed field that only adds knowledge, and names it', () => {
    const parsed = parseRecord({ id: 'a/b', likes: 'many', tags: [1], config: { model_type: 'llama' } });
    expect(parsed).toMatchObject({ ok: true, record: { id: 'a/b', config: { model_type: 'llama' } } });
    expect(parsed.ok && [...parsed.ignored].sort()).toEqual(['likes', 'tags']);
  });

  it.each([
    ['gated', 'maybe'],
    ['disabled', 'yes'],
    ['private', 1],
    ['siblings', 'none'],
  ])('rejects a record whose %s is malformed, for it could hide a refusal', (field, value) => {
    expect(parseRecord({ id: 'a/b', [field]: value })).toEqual({
      ok: false,
      reason: `field ${field}`,
      id: 'a/b',
    });
  });

  it.each([[null], [7], ['text'], [[{ id: 'a/b' }]]])('rejects %j, which is no record', (input) => {
    expect(parseRecord(input)).toMatchObject({ ok: false });
  });

  it('never throws, whatever JSON it is given', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => parseRecord(value).ok === false));
    fc.assert(
      fc.property(
        fc.record({
          id: fc.string(),
          config: fc.jsonValue(),
          gguf: fc.jsonValue(),
          siblings: fc.jsonValue(),
        }),
        (r) => {
          parseRecord(r);
        },
      ),
    );
  });
});

describe('isRepoId', () => {
  it.each(['gpt2', 'a/b', 'LeroyDyer/_Spydaz_Web-Q4_K_M', 'Qwen/Qwen2.5-0.5B', '01-ai/Yi-1.5-9B'])(
    'takes %s',
    (id) => {
      expect(isRepoId(id)).toBe(true);
    },
  );

  it.each([
    '',
    '/',
    'a/',
    '/b',
    'a/b/c',
    '../etc',
    'a/..',
    'a/b..c',
    '.hidden/x',
    'a\\b',
    'a/b\n',
    'a/b\u0000',
    'a b/c',
    '__proto__',
    `a/${'x'.repeat(500)}`,
    '<script>/x',
  ])('refuses %j', (id) => {
    expect(isRepoId(id)).toBe(false);
  });
});
