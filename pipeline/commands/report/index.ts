/** The report of a build: on the terminal, and in Markdown. */
export { type Outcome, summarizeInMarkdown } from './markdown.ts';
export { summarize, summarizeNight } from './terminal.ts';
