/** Words for a command that a person will copy into a shell. */

/** In quotes unless a shell reads it as one plain word: names of files are strangers'. */
export function quoteForShell(word: string): string {
  return /^[\w./:=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
