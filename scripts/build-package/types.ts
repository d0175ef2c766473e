/** Keeps the declarations of a package that its entries lead to, and checks that they name no other package. */
import { readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const IMPORTED = /(?:from|import\()\s*['"]([^'"]+)['"]/g;

/**
 * Removes the declarations that no entry leads to.
 *
 * @throws Error where one names another package, which users of this one do not have.
 */
export function keepReachableTypes(dist: string, entries: readonly string[]): void {
  const reached = new Set<string>();
  const waiting = entries.map((entry) => join(dist, entry));
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    // tsc leaves the endings of its input, which users' compilers would look for.
    const text = readFileSync(path, 'utf8').replaceAll(/(['"]\.{1,2}\/[^'"]*)\.ts(?=['"])/g, '$1.js');
    writeFileSync(path, text);
    for (const target of importsOf(path, text))
      waiting.push(join(dirname(path), target.replace(/\.js$/, '.d.ts')));
  }
  const all = readdirSync(dist, { recursive: true, withFileTypes: true });
  for (const { parentPath, name } of all.filter((entry) => entry.isFile()))
    if (!reached.has(join(parentPath, name))) rmSync(join(parentPath, name));
  for (const folder of all.filter((entry) => entry.isDirectory()).reverse())
    removeEmpty(join(folder.parentPath, folder.name));
}

function importsOf(path: string, text: string): string[] {
  const targets = [...text.matchAll(IMPORTED)].map((match) => match[1] ?? '');
  const foreign = targets.find((target) => !target.startsWith('.'));
  if (foreign !== undefined)
    throw new Error(`${path} names ${foreign}, which users of the package do not have: write the type out.`);
  return targets;
}

function removeEmpty(folder: string): void {
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}
