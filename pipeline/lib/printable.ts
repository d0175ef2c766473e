/** Strangers' text on its way to a terminal, or to the log of a job that reads commands in it. */

/** Control characters but the newline of our own lines, C1 controls, and marks that turn the direction of text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must go
const UNPRINTABLE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** `::set-output` and its like at the start of a line, `##[command]` anywhere: what GitHub's runner obeys in a log. */
const COMMAND = /^(\s*:)(?=:)|#(?=#\[)/gm;

/** No escape sequence gets through, and no workflow command. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '\ufffd').replace(COMMAND, '$&\ufffd');
}

/** The same characters as JSON escapes, in text that is JSON. */
export function escapeControls(json: string): string {
  const quiet = json.replaceAll('##[', '#\\u0023[');
  return quiet.replace(UNPRINTABLE, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
