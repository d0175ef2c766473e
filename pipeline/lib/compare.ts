/** The one order used wherever names are sorted: by UTF-16 code unit, the same on every machine and locale. */
export function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
