import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['pipeline/**/*.test.ts', 'scripts/**/*.test.ts', 'site/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // By default one core is left idle, which is half of a machine that has two.
    maxWorkers: '100%',
    // No test replaces a module, and modules keep no state but what they read once: files share them, loaded once a worker.
    isolate: false,
  },
});
