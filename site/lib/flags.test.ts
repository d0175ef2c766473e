import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

function run(script: string, args: readonly string[], left: Readonly<Record<string, string>> = {}) {
  const env = { ...process.env, npm_lifecycle_event: 'site:x', ...left };
  return spawnSync('node', ['--import', 'tsx', `site/${script}.ts`, ...args], { env, encoding: 'utf8' });
}

describe('the commands of the site', () => {
  it.each([
    ['build', { npm_config_url: 'https://example.org/' }, 'npm run site:x -- --url'],
    ['check', { npm_config_out: 'elsewhere' }, 'npm run site:x -- --out'],
    ['serve', { npm_config_port: '4999' }, 'npm run site:x -- --port'],
  ])('%s refuses a flag that npm kept for itself', (script, left, remedy) => {
    const { status, stderr } = run(script, [], left);
    expect([status, stderr]).toEqual([2, expect.stringContaining(remedy)]);
  });

  it('name a flag that they do not know', () => {
    const { status, stderr } = run('serve', ['--prot', '4999']);
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^Unknown option '--prot'/)]);
  });
});
