/** Hashes that name things: the place of a repo id among the data shards, the key of a row of verdicts. */
import { hash } from 'node:crypto';

/** Bits of a place. */
export const PLACE_BITS = 16;

/** The first 16 bits of sha256 of the id: what everything that grows with the number of models is parted by. */
export function placeOf(repoId: string): number {
  return Number.parseInt(hash('sha256', repoId).slice(0, 4), 16);
}

/** The first `bits` bits of a place, in hex: the name of the part that it belongs to. */
export function partName(place: number, bits: number): string {
  return (place >>> (PLACE_BITS - bits)).toString(16).padStart(Math.max(1, Math.ceil(bits / 4)), '0');
}

/** The first place of the part of this name. */
export function placeOfShard(name: string, bits: number): number {
  return Number.parseInt(name, 16) << (PLACE_BITS - bits);
}

/** 48 bits of sha256 as eight URL-safe characters. */
export function shortKey(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 8);
}

export function sha256(content: string | Buffer): string {
  return hash('sha256', content);
}
