/** Finds flags of a command line that npm kept for itself. */
import { UsageError } from './errors.ts';

/** The flags that npm sets in every run: its own cache. */
const SET_BY_NPM = new Set(['cache']);

/**
 * Refuses flags of ours, by name, that npm kept for itself: those before `--`, which it leaves in the environment. `npm
 * run build:matrix --dry-run` would publish.
 *
 * @throws UsageError naming the flag, and how to write it.
 */
export function refuseKeptByNpm(
  env: Readonly<Record<string, string | undefined>>,
  flags: readonly string[],
): void {
  const command = env.npm_lifecycle_event;
  // `npx` sets it too, and hands on all flags that stand after the name of the package.
  if (command === undefined || command === 'npx') return;
  const kept = flags.find(
    (flag) => !SET_BY_NPM.has(flag) && env[`npm_config_${flag.replaceAll('-', '_')}`] !== undefined,
  );
  if (kept !== undefined)
    throw new UsageError(
      `npm took --${kept} for itself, because there is no -- before it. Write: npm run ${command} -- --${kept} ...`,
    );
}
