/**
 * Hash prefixes: the leading bits of sha256 of a repo id name the file of out/ that holds the model. Pure,
 * for every reader.
 */

/** The number of bits of a whole prefix. */
export const PREFIX_BITS = 16;

/** Returns the prefix, from sha256 of the repo id in hex. */
export function prefixOfHash(hex: string): number {
  return Number.parseInt(hex.slice(0, PREFIX_BITS / 4), 16);
}

/** Returns the first `bits` bits of a prefix in hex: the name of the file that holds the model. */
export function shardName(prefix: number, bits: number): string {
  return (prefix >>> (PREFIX_BITS - bits)).toString(16).padStart(Math.max(1, Math.ceil(bits / 4)), '0');
}

/** Returns the names of all files that so many bits name. */
export function shardNames(bits: number): string[] {
  return Array.from({ length: 2 ** bits }, (_, at) => shardName(at << (PREFIX_BITS - bits), bits));
}

/** Returns how many bits name so many files that each holds `perFile` items at the most, on average. */
export function bitsFor(items: number, perFile: number): number {
  return Math.min(PREFIX_BITS, Math.ceil(Math.log2(Math.max(1, items / perFile))));
}

/** Returns the first prefix of the file of this name. */
export function firstPrefixOf(name: string, bits: number): number {
  return Number.parseInt(name, 16) << (PREFIX_BITS - bits);
}
