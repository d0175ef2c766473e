/** Turns ModelMetadata x Worker into a Verdict. Pure: equal facts give equal verdicts; runs in a browser. */
import type { Accept, Worker } from '../data/worker.ts';
import { factValue, type ModelMetadata } from '../extract/metadata.ts';
import { compareNames } from '../lib/compare.ts';
import { fillVerdict, type Names } from '../lib/placeholders.ts';
import { formatWords } from '../lib/sentences.ts';
import { issuesFor, supportFor } from './confidence.ts';
import { adviseContext } from './context.ts';
import { conversionsOf } from './conversions.ts';
import { recommend, whyNotTheUsual } from './recommend.ts';
import { type Route, routeFor } from './route.ts';
import { checkAvailability, FORMAT_RULES, REPOSITORY_RULES } from './rules.ts';
import * as say from './sentences.ts';
import { describeSupport, sizeWarning } from './support.ts';
import { capabilitiesFor } from './unlock.ts';
import type { Finding, ReasonCode, Verdict } from './verdict.ts';

/** The findings of the rules on one way into the worker. */
export interface Judged {
  readonly route: Route;
  readonly findings: readonly Finding[];
}

/** Tells whether `worker` runs `model`, and why. */
export function checkCompatibility(model: ModelMetadata, worker: Worker): Verdict {
  const verdict = fillVerdict(markedVerdict(model, worker), namesOf(model));
  return adviseContext(verdict, factValue(model.contextLength), worker.maxContextLength);
}

/** Returns the names that replace the marks in a verdict about the model. */
export function namesOf(model: ModelMetadata): Names {
  return {
    t: factValue(model.task),
    m: factValue(model.modelType),
    c: factValue(model.architectureClass),
    g: factValue(model.ggufArchitecture),
    f: factValue(model.architecture),
    q: factValue(model.quantizationMethod),
  };
}

/**
 * Returns the verdict with marks where it names the model's own facts. A model runs when one of its variants
 * passes every rule of one of the worker's ways in; a definite refusal outweighs a missing fact on the same
 * way, an open way outweighs a refused one.
 */
function markedVerdict(model: ModelMetadata, worker: Worker): Verdict {
  return verdictOf(model, worker, judgeRoutes(model, worker));
}

/**
 * Applies the rules to each way in. The rules are those of a program: its backends differ in what was run,
 * and in what is reported.
 */
export function judgeRoutes(
  model: ModelMetadata,
  worker: Pick<Worker, 'name' | 'accepts' | 'facts'>,
): readonly Judged[] {
  const gone = checkAvailability(model);
  const formats = formatsOf(worker.accepts);
  return worker.accepts.map((accept) => {
    const { name: workerName, facts } = worker;
    const route = routeFor({ model, accept, workerName, formats, facts });
    return { route, findings: findingsOf(route, gone) };
  });
}

function findingsOf(route: Route, gone: Finding | undefined): readonly Finding[] {
  const findings = gone === undefined ? [] : [gone];
  for (const rule of route.candidates.length > 0 ? ALL_RULES : REPOSITORY_RULES) {
    const finding = rule(route);
    if (finding !== undefined) findings.push(finding);
  }
  return findings;
}

/** Returns the verdict on a worker, with marks, from the findings of the rules. */
export function verdictOf(model: ModelMetadata, worker: Worker, judged: readonly Judged[]): Verdict {
  const routes = judged.map((one) => withConfirmedIssue(one, worker));
  const running = routes.filter(({ findings }) => findings.length === 0);
  if (running.length > 0)
    return compatible(
      model,
      worker,
      running.map(({ route }) => route),
    );
  const open = routes.filter(({ findings }) => findings.every(({ outcome }) => outcome === 'unknown'));
  if (open.length > 0) return notCompatible('unknown', open, routes, model);
  const withFormat = routes.filter(({ route }) => route.candidates.length > 0);
  return notCompatible('incompatible', withFormat.length > 0 ? withFormat : routes, routes, model);
}

function withConfirmedIssue(judged: Judged, worker: Worker): Judged {
  const { route, findings } = judged;
  if (findings.length > 0) return judged;
  const confirmed = issuesFor(route.model, worker, route.accept).find(({ status }) => status === 'confirmed');
  if (confirmed === undefined) return judged;
  return {
    route,
    findings: [{ outcome: 'fail', code: 'known_issue', sentence: confirmed.summary, issue: confirmed.id }],
  };
}

const ALL_RULES = [...REPOSITORY_RULES, ...FORMAT_RULES];
const FORMATS = new WeakMap<readonly Accept[], readonly string[]>();

/** Returns the formats in words. */
function formatsOf(accepts: readonly Accept[]): readonly string[] {
  let formats = FORMATS.get(accepts);
  if (formats === undefined) {
    formats = [...new Set(accepts.map(formatWords))];
    FORMATS.set(accepts, formats);
  }
  return formats;
}

/**
 * Returns a verdict that is not compatible. `routes`: the ways in that decide; `all`: also those for which a
 * tool could convert the weights.
 */
function notCompatible(
  status: 'incompatible' | 'unknown',
  routes: readonly Judged[],
  all: readonly Judged[],
  model: ModelMetadata,
): Verdict {
  const findings = nearestFindings(status === 'unknown' ? 'unknown' : 'fail', routes);
  return {
    status,
    compatible: false,
    confidence: 'none',
    reasons: findings.map(({ sentence }) => sentence),
    reasonCodes: findings.map(({ code }) => code),
    warnings: status === 'unknown' ? accessWarnings(model) : [],
    recommendations: [...new Set([...remediesOf(findings), ...conversionsOf(model, all)])],
    variants: [],
    recommendedVariant: null,
    unlockedBy: status === 'unknown' ? [] : unlocks(routes),
  };
}

/** Returns the remedies; none where the kind is the wrong one, as nothing else helps then. */
function remediesOf(findings: readonly Finding[]): string[] {
  const wrongKind = findings.find(({ code }) => code === 'kind_unsupported');
  return (wrongKind === undefined ? findings : [wrongKind]).flatMap(({ remedy }) => remedy ?? []);
}

function unlocks(routes: readonly Judged[]): string[] {
  const found = routes.flatMap(({ route, findings }) => capabilitiesFor(route, findings));
  return [...new Set(found)].sort(compareNames);
}

/**
 * Returns the findings on the nearest way in: the one with the fewest findings, then the first in the
 * worker's own order.
 */
function nearestFindings(outcome: Finding['outcome'], routes: readonly Judged[]): readonly Finding[] {
  const deciding = routes.map(({ findings }) => findings.filter((finding) => finding.outcome === outcome));
  return deciding.reduce((nearest, findings) => (findings.length < nearest.length ? findings : nearest));
}

function compatible(model: ModelMetadata, worker: Worker, routes: readonly Route[]): Verdict {
  const ways = routes.map((route) => describeWay(worker, route));
  const best = ways.reduce((a, b) => (RANK[b.confidence] > RANK[a.confidence] ? b : a));
  const { accept } = best.route;
  const recommended = recommend(best.route.loadable);
  return {
    status: 'compatible',
    compatible: true,
    confidence: best.confidence,
    reasons: [best.reason],
    reasonCodes: [best.code],
    warnings: [...best.warnings, ...accessWarnings(model)],
    recommendations: [
      ...(accept.advice === undefined ? [] : [accept.advice]),
      ...whyNotTheUsual(best.route, recommended),
    ],
    variants: routes.flatMap(({ loadable }) => loadable.map(({ id }) => id)),
    recommendedVariant: recommended?.id ?? null,
    unlockedBy: [],
  };
}

const RANK = { high: 3, medium: 2, low: 1 } as const;

interface Way {
  readonly confidence: 'high' | 'medium' | 'low';
  readonly route: Route;
  readonly reason: string;
  readonly code: ReasonCode;
  readonly warnings: readonly string[];
}

function describeWay(worker: Worker, route: Route): Way {
  const { model, accept } = route;
  const support = supportFor(worker, route);
  const issues = issuesFor(model, worker, accept);
  const undeclared = route.loadable.every(({ quantization }) => factValue(quantization) === 'undeclared');
  const warnings = issues.map(({ summary }) => say.issueReported(summary));
  if (undeclared) warnings.push(say.QUANTIZATION_UNDECLARED);
  if (support.inferred) warnings.push(say.ARCHITECTURE_INFERRED);
  return {
    route,
    confidence: undeclared || issues.length > 0 ? 'low' : support.confidence,
    ...describeSupport(model, worker, accept, support, issues.length > 0),
    warnings: [...warnings, ...sizeWarning(support)],
  };
}

function accessWarnings({ gated }: ModelMetadata): string[] {
  if (gated === 'auto') return [say.GATED_AUTO];
  if (gated === 'manual') return [say.GATED_MANUAL];
  return [];
}
