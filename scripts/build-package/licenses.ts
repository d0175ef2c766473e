/** Collects the licenses of the libraries whose code is in a bundle, as these licenses require. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Returns the licenses. `inputs` has the paths of the files in the bundle, from the project's root.
 *
 * @throws Error for a library without a license file.
 */
export function licensesOf(root: string, inputs: readonly string[]): string {
  const folders = inputs.flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  const texts = [...new Set(folders)].sort().map((folder) => {
    const dir = join(root, folder);
    const { name, version } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as Record<
      string,
      string
    >;
    const file = readdirSync(dir).find((entry) => /^licen[cs]e(?:\.|$)/i.test(entry));
    if (file === undefined) throw new Error(`${folder} has no license file to put into the package.`);
    return `${name} ${version}\n\n${readFileSync(join(dir, file), 'utf8').trim()}\n`;
  });
  return `This package holds code of these libraries.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}
