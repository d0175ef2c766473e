/** Words for a command that a person will copy into a shell. */

/** Quotes a word unless a shell reads it as one plain word. File names are of unknown origin. */
export function quoteForShell(word: string): string {
  return /^[\w./:=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
