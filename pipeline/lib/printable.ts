/** Makes text of unknown origin safe to print on a terminal, or in the log of a job whose runner reads commands in it. */

/**
 * Control characters except the newline that ends our own lines, C1 controls, and marks that change the direction of
 * text.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must go
const UNPRINTABLE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Commands that GitHub's runner obeys in a log: `::set-output` and its like at the start of a line, `##[command]`
 * anywhere.
 */
const COMMAND = /^(\s*:)(?=:)|#(?=#\[)/gm;

/** Returns text without escape sequences and workflow commands. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '\ufffd').replace(COMMAND, '$&\ufffd');
}

/** Escapes the same characters as JSON escapes, in text that is JSON. */
export function escapeControls(json: string): string {
  const quiet = json.replaceAll('##[', '#\\u0023[');
  return quiet.replace(UNPRINTABLE, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
