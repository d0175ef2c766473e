/** Compares two names by UTF-16 code unit, the same on every machine and locale. All sorting of names uses it. */
export function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
