/** Rules for our workflows. Each returns the place where it is broken, and the fix. */
import { asMap, type Job, type Step, type Workflow } from './workflow.ts';

/** Returns the problems of one workflow, each with job, step and fix. */
type Rule = (workflow: Workflow) => readonly string[];

/** The one job that may write the published files. */
const PUBLISH = 'publish';
/** The only permission to write that each other job may have. */
const OTHER_POWERS: Readonly<Record<string, string>> = { 'stay-enabled': 'actions' };
/** Name of a step that may hold a secret -> the secret. */
const SECRET_STEPS: Readonly<Record<string, string>> = { 'Crawl and build': 'HF_TOKEN' };

const pins: Rule = eachStep(({ uses, usesComment }) => {
  if (uses === undefined || uses.startsWith('./')) return [];
  if (!/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(uses))
    return [`${uses} is not pinned: name the full commit SHA`];
  return /^v\d+\.\d+\.\d+$/.test(usesComment)
    ? []
    : [`${uses} lacks its version: add a comment such as # v1.2.3`];
});

const noPower: Rule = ({ value }) => {
  const powers = value.permissions;
  const none = typeof powers === 'object' && powers !== null && Object.keys(powers).length === 0;
  return none ? [] : ['every job inherits powers: write `permissions: {}` at the top'];
};

const jobPowers: Rule = eachJob((job) => {
  const { permissions } = job.value;
  if (permissions === undefined) return ['says nothing of its permissions: name those it needs'];
  if (typeof permissions === 'string') return [`takes ${permissions}: name single permissions`];
  const written = Object.entries(asMap(permissions)).filter(([, level]) => level === 'write');
  if (job.name === PUBLISH) return [];
  const others = written.filter(([power]) => OTHER_POWERS[job.name] !== power);
  return others.map(([power]) => `may write ${power}: only the job ${PUBLISH} may write`);
});

const timeouts: Rule = eachJob(({ value }) => {
  const minutes = value['timeout-minutes'];
  return typeof minutes === 'number' && minutes > 0 ? [] : ['may run for six hours: add timeout-minutes'];
});

const concurrency: Rule = ({ value }) => {
  const { group, 'cancel-in-progress': cancel } = asMap(value.concurrency);
  return typeof group === 'string' && cancel === false
    ? []
    : ['two runs may meet or end each other: add a concurrency group with cancel-in-progress: false'];
};

const noInterpolation: Rule = eachStep(({ run }) =>
  run?.includes('${{') ? ['puts an expression into its script: pass it by env and quote the variable'] : [],
);

const secrets: Rule = (workflow) => {
  const { jobs, ...above } = workflow.value;
  const outside = mentionsSecret(above)
    ? ['gives a secret to every job: move it into the step that needs it']
    : [];
  const ofJobs = eachJob(({ value: { steps, ...rest } }) =>
    mentionsSecret(rest) ? ['gives a secret to all its steps: move it into the one that needs it'] : [],
  );
  const ofSteps = eachStep(({ name, value }) =>
    secretsIn(value)
      .filter((secret) => SECRET_STEPS[name] !== secret)
      .map((secret) => `reads ${secret}: only the step that crawls holds a secret, HF_TOKEN`),
  );
  return [...outside, ...ofJobs(workflow), ...ofSteps(workflow)];
};

/** Requires an environment for secrets: a secret of the repository is available to every branch that someone may push. */
const environments: Rule = eachJob(({ value }) =>
  mentionsSecret(value.steps) && value.environment === undefined
    ? ['reads a secret outside an environment: name one that only main may use']
    : [],
);

function mentionsSecret(value: unknown): boolean {
  return secretsIn(value).length > 0;
}

function secretsIn(value: unknown): string[] {
  return [...JSON.stringify(value ?? null).matchAll(/\bsecrets\b(?:\s*\.\s*(\w+))?/g)].map(
    ([whole, name]) => name ?? whole,
  );
}

const noCredentials: Rule = eachStep(({ uses, with: settings }) =>
  uses?.startsWith('actions/checkout@') && settings['persist-credentials'] !== false
    ? ['leaves the token in .git/config: set persist-credentials: false']
    : [],
);

/** The events that run with the powers of the base, on code or text of a stranger. */
const FOREIGN_EVENTS = ['pull_request_target', 'workflow_run', 'issue_comment'];

const events: Rule = ({ on }) =>
  FOREIGN_EVENTS.filter((event) => event in on).map(
    (event) => `runs on ${event}, with the powers of main over what strangers send: use pull_request`,
  );

const caches: Rule = (workflow) => {
  if (!('pull_request' in workflow.on)) return [];
  return eachStep(({ uses, with: settings }) => {
    const writes = /^actions\/cache(\/save)?@/.test(uses ?? '');
    const hidden = uses?.startsWith('actions/setup-node@') && settings['package-manager-cache'] !== false;
    return writes || hidden
      ? ['may write a cache from a pull request: remove it, or set package-manager-cache: false']
      : [];
  })(workflow);
};

const minute: Rule = ({ on }) => {
  const crons = Array.isArray(on.schedule) ? on.schedule.map((entry) => String(asMap(entry).cron)) : [];
  return crons
    .filter((cron) => !/^\d*[1-9] /.test(cron) || Number(cron.split(' ')[0]) % 5 === 0)
    .map((cron) => `starts at "${cron}", when everyone does: choose a minute that no one picks, such as 23`);
};

const guarded: Rule = (workflow) => {
  if (!('schedule' in workflow.on)) return [];
  return eachJob(({ value }) =>
    value.needs !== undefined || String(value.if ?? '').includes('github.repository')
      ? []
      : ['runs in every fork: compare github.repository in its if'],
  )(workflow);
};

const bare: Rule = (workflow) =>
  eachStep(({ uses, run }, job) => {
    if (job.name !== PUBLISH && OTHER_POWERS[job.name] === undefined) return [];
    if (uses !== undefined && !/^actions\/(download-artifact|deploy-pages)@/.test(uses))
      return [`uses ${uses}: the job that may write takes artifacts over and deploys, nothing more`];
    return /\b(npm|npx|node|tsx|pip|curl|wget)\b/.test(run ?? '')
      ? ['runs what was fetched: the job that may write uses only what a runner has']
      : [];
  })(workflow);

function eachJob(check: (job: Job) => readonly string[]): Rule {
  return ({ jobs }) => jobs.flatMap((job) => check(job).map((problem) => `job ${job.name} ${problem}`));
}

function eachStep(check: (step: Step, job: Job) => readonly string[]): Rule {
  return ({ jobs }) =>
    jobs.flatMap((job) =>
      job.steps.flatMap((step) =>
        check(step, job).map((problem) => `job ${job.name}, step "${step.name}": ${problem}`),
      ),
    );
}

const RULES: readonly Rule[] = [
  pins,
  noPower,
  jobPowers,
  timeouts,
  concurrency,
  noInterpolation,
  secrets,
  environments,
  noCredentials,
  events,
  caches,
  minute,
  guarded,
  bare,
];

/** Returns the problems of a workflow, each naming file, job, step and fix; none when it breaks no rule. */
export function checkWorkflow(workflow: Workflow): string[] {
  return RULES.flatMap((rule) => rule(workflow)).map((problem) => `${workflow.file}: ${problem}.`);
}
