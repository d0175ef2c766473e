/**
 * Reads what the card of a repository states, and the Hub's tags repeat: the license, and what the model was
 * made from.
 */
import { field } from '../lib/json.ts';
import type { BaseModels } from './metadata.ts';
import type { HubRecord } from './record.ts';

/**
 * Returns the license: the `license:` tag that the Hub derives; else that of the card, which may be any text.
 */
export function readLicense(record: HubRecord): string | 'unknown' {
  const tag = record.tags?.find((text) => text.startsWith('license:'));
  const card = field(record.cardData, 'license');
  const license = tag === undefined ? card : tag.slice('license:'.length);
  return typeof license === 'string' && license !== '' ? license.slice(0, 80) : 'unknown';
}

const MOST_BASES = 20;

/**
 * Returns the base models from the listing's `baseModels`, else from `base_model:` tags, which may name one
 * without a relation.
 */
export function readBaseModels(record: HubRecord): BaseModels {
  const { relation, ids } = listedBases(record) ?? taggedBases(record.tags ?? []);
  if (ids.length === 0) return { relation, ids };
  return { relation, ids: ids.filter((id) => id !== record.id && BASE_ID.test(id)).slice(0, MOST_BASES) };
}

/** Matches what could be a repo id; other text that people write into a card is dropped. */
const BASE_ID = /^[\w.-]{1,96}(?:\/[\w.-]{1,96})?$/;
const RELATION = /^(quantized|finetune|adapter|merge):(.+)$/;

function listedBases({ baseModels }: HubRecord): BaseModels | undefined {
  if (baseModels === undefined) return undefined;
  const { relation, models } = baseModels;
  const known = relation !== undefined && RELATION.test(`${relation}:x`);
  return { relation: known ? relation : 'unknown', ids: models.map(({ id }) => id) };
}

const NO_BASES: BaseModels = { relation: 'unknown', ids: [] };

function taggedBases(tags: readonly string[]): BaseModels {
  const bases = tags
    .filter((tag) => tag.startsWith('base_model:'))
    .map((tag) => tag.slice('base_model:'.length));
  if (bases.length === 0) return NO_BASES;
  const related = bases.map((base) => RELATION.exec(base)).filter((match) => match !== null);
  const relation = related[0]?.[1];
  if (relation === undefined) return { relation: 'unknown', ids: bases };
  return { relation, ids: related.filter((match) => match[1] === relation).map((match) => match[2] ?? '') };
}
