/** Plugins of esbuild for the package: data becomes a module, and libraries in CommonJS import Node's own modules. */
import { builtinModules } from 'node:module';
import type { Plugin } from 'esbuild';
import { withoutListedNames } from '../../pipeline/data/listed.ts';
import { packageData } from '../../pipeline/data/package-data.ts';

/** Node's own modules, which no bundle holds. */
export const ALL_NODE = builtinModules.flatMap((name) => [name, `node:${name}`]);

/**
 * Returns the module that replaces pipeline/data/package-data.ts: the data as JSON, parsed when it is first read.
 * Backends of a program, and engines that inherit, repeat long lists: each is written once, and repetitions have its
 * number.
 */
function dataModule(): string {
  const { workers, ...tables } = packageData();
  const json = JSON.stringify(writeOnce({ workers: workers.map(withoutListedNames), ...tables }));
  return `const json = ${JSON.stringify(json)};
let data;
export function packageData() {
  if (data === undefined) {
    const parts = [];
    const fill = (value) => {
      if (typeof value !== 'object' || value === null) return value;
      if (Array.isArray(value)) return value.map(fill);
      if ('part' in value && Object.keys(value).length === 1) return parts[value.part];
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item)]));
    };
    for (const part of JSON.parse(json)) parts.push(fill(part));
    data = parts.at(-1);
  }
  return data;
}`;
}

/** The fewest characters of a part that gets a number; shorter parts are repeated as they are. */
const WORTH_A_NUMBER = 60;

/** Returns the parts of a value, each once, after those that it names by `{ part: NUMBER }`; the last is the value itself. */
function writeOnce(value: unknown): unknown[] {
  const parts: unknown[] = [];
  const numbers = new Map<string, number>();
  const visit = (item: unknown): unknown => {
    if (typeof item !== 'object' || item === null) return item;
    const inner = Array.isArray(item)
      ? item.map(visit)
      : Object.fromEntries(Object.entries(item).map(([key, child]) => [key, visit(child)]));
    const text = JSON.stringify(inner);
    if (text.length < WORTH_A_NUMBER) return inner;
    const part = numbers.get(text) ?? parts.push(inner) - 1;
    numbers.set(text, part);
    return { part };
  };
  visit(value);
  return parts;
}

export const dataAsModule: Plugin = {
  name: 'data-as-module',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]pipeline[\\/]data[\\/]package-data\.ts$/ }, () => ({
      contents: dataModule(),
      loader: 'js',
    }));
  },
};

/** The modules that are not in Node 20. A cache of undici opens one, but is not used. */
const NOT_EVERYWHERE = new Set(['node:sqlite']);

/** Turns `require` of Node's modules in libraries into an import, which a module and every bundler can keep. */
export const builtinsAsModules: Plugin = {
  name: 'builtins-as-modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path, kind }) =>
      kind === 'require-call' && ALL_NODE.includes(path)
        ? { path: path.startsWith('node:') ? path : `node:${path}`, namespace: 'builtin' }
        : undefined,
    );
    onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
      contents: NOT_EVERYWHERE.has(path)
        ? 'module.exports = {};'
        : `import value from '${path}'; module.exports = value;`,
      loader: 'js',
    }));
  },
};
