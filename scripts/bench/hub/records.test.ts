import { describe, expect, test } from 'vitest';
import { kindOf, type MeasuredRecord, measureProfile, relationOf } from './measure.ts';
import { KINDS, profile, QUANTILES } from './profile.ts';
import { hubLines } from './records.ts';

const COUNT = 6_000;
const lines = [...hubLines({ count: COUNT, seed: 1 })];
const records = lines.map(
  (line) =>
    JSON.parse(line) as MeasuredRecord & {
      readonly baseModels?: { readonly models: readonly { readonly id: string }[] };
      readonly gguf?: object;
      readonly safetensors?: object;
    },
);
const measured = measureProfile(records);
const shareOf = (holds: (record: (typeof records)[number]) => boolean) =>
  records.filter(holds).length / COUNT;
/** Returns how far a measured share of so many records may be from the wanted one by chance: four standard deviations. */
const chance = (share: number) => 4 * Math.sqrt((share * (1 - share)) / COUNT) + 0.0005;

describe('generated records beside those that profile.json was measured on', () => {
  test('each kind of repository has its share', () => {
    for (const kind of KINDS) {
      const { share } = profile.kinds[kind];
      expect(Math.abs(measured.kinds[kind].share - share), kind).toBeLessThan(chance(share));
    }
  });

  test('repositories have as many files, at the mean and at every quantile up to 99 of 100', () => {
    expect(Math.abs(measured.filesPerRepo.mean - profile.filesPerRepo.mean)).toBeLessThan(1.5);
    for (const [at, share] of QUANTILES.entries()) {
      const wanted = profile.filesPerRepo.quantiles[at] ?? 0;
      const allowed = share < 0.97 ? 1 + 0.1 * wanted : 0.35 * wanted;
      if (share <= 0.99)
        expect(Math.abs((measured.filesPerRepo.quantiles[at] ?? 0) - wanted), `${share}`).toBeLessThanOrEqual(
          allowed,
        );
    }
  });

  test('some repositories have several hundred files', () => {
    expect(Math.max(...records.map(({ siblings = [] }) => siblings.length))).toBeGreaterThan(300);
  });

  test('records, lists of files and tags are as long', () => {
    for (const part of ['record', 'siblings', 'tags'] as const) {
      const share = measured.bytes[part] / profile.bytes[part];
      expect(share, part).toBeGreaterThan(0.93);
      expect(share, part).toBeLessThan(1.07);
    }
    expect(Math.abs(measured.tagsPerRepo.mean - profile.tagsPerRepo.mean)).toBeLessThan(0.5);
  });

  test('as many are made from another model, each in its way', () => {
    for (const relation of ['quantized', 'finetune', 'none'] as const) {
      const wanted = KINDS.reduce((all, kind) => all + (profile.kinds[kind].relations[relation] ?? 0), 0);
      const share = wanted / profile.repositories;
      expect(Math.abs(shareOf((record) => relationOf(record) === relation) - share), relation).toBeLessThan(
        chance(share),
      );
    }
  });
});

test('nearly every base model that is named is in the listing, before its copies', () => {
  const places = new Map(records.map(({ id }, at) => [id, at]));
  const named = records.flatMap(({ baseModels }, at) =>
    (baseModels?.models ?? []).map(({ id }) => ({ id, at })),
  );
  const known = named.filter(({ id, at }) => (places.get(id) ?? COUNT) < at);
  expect(known.length / named.length).toBeGreaterThan(0.93);
  expect(known.length).toBeLessThan(named.length);
});

test('every GGUF repository has a gguf object, and nearly every one in safetensors has that of its numbers', () => {
  const having = (kind: string, key: 'gguf' | 'safetensors') => {
    const some = records.filter((record) => kindOf(record) === kind);
    return some.filter((record) => record[key] !== undefined).length / some.length;
  };
  expect(having('gguf', 'gguf')).toBe(1);
  expect(having('safetensors', 'safetensors')).toBeGreaterThan(0.9);
});

test('every id is one that the Hub takes', () => {
  for (const { id } of records) expect(id).toMatch(/^(?=.{3,96}$)[a-z0-9]+\/\w(?:[.-]?\w)*$/);
});

test('no two records have one id, and no repository has a file twice', () => {
  expect(new Set(records.map(({ id }) => id)).size).toBe(COUNT);
  for (const { id, siblings = [] } of records) {
    expect(new Set(siblings.map(({ rfilename }) => rfilename)).size, id).toBe(siblings.length);
  }
});

test('records are the same for the same seed, others for another, and made one at a time', () => {
  expect([...hubLines({ count: 50, seed: 1 })]).toEqual([...hubLines({ count: 50, seed: 1 })]);
  expect([...hubLines({ count: 3, seed: 2 })]).not.toEqual([...hubLines({ count: 3, seed: 1 })]);
  const endless = hubLines({ count: Number.MAX_SAFE_INTEGER, seed: 1 });
  expect(endless.next().done).toBe(false);
});
