import { readFileSync } from 'node:fs';
import glob from 'fast-glob';
import { defineConfig } from 'vitest/config';

const all = glob.sync('{pipeline,scripts,site}/**/*.test.ts', {
  ignore: ['**/{node_modules,next,dist,out}/**'],
});
const replacing = all.filter((path) => /\bvi\.(?:mock|doMock)\(/.test(readFileSync(path, 'utf8')));

/** Modules keep no state but what they read once, so that test files share them, loaded once a worker; but for those that replace one. */
const project = (name: string, include: string[], isolate: boolean) => ({
  extends: true as const,
  test: { name, include, isolate },
});

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // By default one core is left idle, which is half of a machine that has two.
    maxWorkers: '100%',
    coverage: {
      include: ['pipeline/**/*.ts'],
      exclude: ['**/*.test.ts', 'pipeline/testing/**'],
      reporter: ['text-summary', 'json-summary'],
      reportsDirectory: 'bench/coverage',
    },
    projects: [
      project(
        'shared',
        all.filter((path) => !replacing.includes(path)),
        false,
      ),
      project('alone', replacing, true),
    ],
  },
});
