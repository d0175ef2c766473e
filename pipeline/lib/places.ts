/** Where a model lies in out/: pure, for readers of every kind. The place of an id is the head of its sha256. */

/** Bits of a place. */
export const PLACE_BITS = 16;

/** The place, from sha256 of the repo id in hex. */
export function placeOfHash(hex: string): number {
  return Number.parseInt(hex.slice(0, PLACE_BITS / 4), 16);
}

/** The first `bits` bits of a place, in hex: the name of the part that it belongs to. */
export function partName(place: number, bits: number): string {
  return (place >>> (PLACE_BITS - bits)).toString(16).padStart(Math.max(1, Math.ceil(bits / 4)), '0');
}

/** The names of all parts, in order. */
export function partNames(bits: number): string[] {
  return Array.from({ length: 2 ** bits }, (_, part) => partName(part << (PLACE_BITS - bits), bits));
}

/** The bits that name so many parts that each holds `perPart` items at the most, on average. */
export function bitsFor(items: number, perPart: number): number {
  return Math.min(PLACE_BITS, Math.ceil(Math.log2(Math.max(1, items / perPart))));
}

/** The first place of the part of this name. */
export function placeOfPart(name: string, bits: number): number {
  return Number.parseInt(name, 16) << (PLACE_BITS - bits);
}
