import { expect, test } from 'vitest';
import { checkWorkflow } from './rules.ts';
import { readWorkflow } from './workflow.ts';

const SHA = '0123456789abcdef0123456789abcdef01234567';
const GOOD = `
on:
  schedule:
    - cron: '23 1 * * *'
  pull_request:
permissions: {}
concurrency:
  group: night
  cancel-in-progress: false
jobs:
  build:
    if: vars.OWN == github.repository
    environment: hub
    timeout-minutes: 9
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@${SHA} # v1.2.3
        with:
          persist-credentials: false
      - name: Crawl and build
        run: npm run build
        env:
          HF_TOKEN: \${{ secrets.HF_TOKEN }}
  publish:
    needs: build
    timeout-minutes: 9
    permissions:
      contents: write
    steps:
      - uses: actions/download-artifact@${SHA} # v1.2.3
      - run: git push
`;

function problemsAfter(what: string, by: string): string[] {
  expect(GOOD).toContain(what);
  return checkWorkflow(readWorkflow('night.yml', GOOD.replace(what, by)));
}

test('a workflow that keeps every rule has no problem', () => {
  expect(checkWorkflow(readWorkflow('night.yml', GOOD))).toEqual([]);
});

test.each([
  [
    'a tag instead of a SHA',
    `download-artifact@${SHA} # v1.2.3`,
    'download-artifact@v4',
    /job publish.*not pinned/,
  ],
  ['a short SHA', `checkout@${SHA}`, 'checkout@0123456', /job build.*not pinned/],
  ['a pin without its version', `checkout@${SHA} # v1.2.3`, `checkout@${SHA}`, /lacks its version/],
  ['no powers at the top', 'permissions: {}', 'permissions: read-all', /permissions: \{\}/],
  ['a job that says no powers', '    permissions:\n      contents: read\n', '', /job build says nothing/],
  [
    'a job with all powers',
    'permissions:\n      contents: read',
    'permissions: write-all',
    /takes write-all/,
  ],
  ['a build that may write', 'contents: read', 'contents: write', /job build may write contents/],
  [
    'no timeout',
    '    timeout-minutes: 9\n    permissions:\n      contents: read',
    '    permissions:\n      contents: read',
    /job build .*timeout-minutes/,
  ],
  ['a run that ends another', 'cancel-in-progress: false', 'cancel-in-progress: true', /concurrency group/],
  [
    'an expression in a script',
    'run: npm run build',
    `run: echo \${{ inputs.x }}`,
    /Crawl and build.*pass it by env/,
  ],
  [
    'a secret of another step',
    'run: git push',
    `run: git push\n        env:\n          T: \${{ secrets.HF_TOKEN }}`,
    /reads HF_TOKEN/,
  ],
  ['another secret of the crawl', 'secrets.HF_TOKEN', 'secrets.DEPLOY_KEY', /reads DEPLOY_KEY/],
  ['a secret by another spelling', 'secrets.HF_TOKEN', "secrets['DEPLOY_KEY']", /reads secrets/],
  [
    'a secret for every job',
    'permissions: {}',
    `permissions: {}\nenv:\n  T: \${{ secrets.HF_TOKEN }}`,
    /every job/,
  ],
  [
    'a secret for every step',
    'needs: build',
    `needs: build\n    env:\n      T: \${{ secrets.HF_TOKEN }}`,
    /all its steps/,
  ],
  ['a secret that every branch may read', '    environment: hub\n', '', /outside an environment/],
  [
    'another power of a job that is not publish',
    'contents: read',
    'actions: write',
    /job build may write actions/,
  ],
  ['a token left in .git', 'persist-credentials: false', 'fetch-depth: 1', /persist-credentials: false/],
  ['the powers of main for strangers', 'pull_request:', 'pull_request_target:', /use pull_request/],
  ['a cache of a pull request', `download-artifact@`, 'cache/save@', /cache from a pull request/],
  ['the hidden cache of setup-node', 'actions/checkout@', 'actions/setup-node@', /package-manager-cache/],
  ['the full hour', '23 1 * * *', '0 1 * * *', /minute that no one picks/],
  ['a night in every fork', 'vars.OWN == github.repository', 'always()', /every fork/],
  ['project code where one may write', 'run: git push', 'run: npm ci && git push', /only what a runner has/],
  [
    'a checkout where one may write',
    'actions/download-artifact@',
    'actions/checkout@',
    /takes artifacts over/,
  ],
])('found is %s', (_name, what, by, problem) => {
  const problems = problemsAfter(what, by);
  expect(problems.join('\n')).toMatch(problem);
  for (const line of problems) expect(line).toMatch(/^night\.yml: /);
});

test('text that is no YAML is named with its file', () => {
  expect(() => readWorkflow('night.yml', 'a: [')).toThrow(/night\.yml/);
});
