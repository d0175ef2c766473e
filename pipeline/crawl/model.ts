/** Fetches one repository by its id. */

import { DataError, UnavailableError } from '../lib/errors.ts';
import { checkedRepoId } from '../lib/hub.ts';
import { field, isObject, parseJson } from '../lib/json.ts';
import { isRepoId } from '../lib/repo-id.ts';
import { type HubAnswer, HubClient, type HubOptions } from './client.ts';
import { headerText } from './headers.ts';
import { fetchConfig } from './repository.ts';
import * as say from './sentences.ts';
import { isHubError } from './trouble.ts';

/**
 * Fetches one repository as the listing would show it, with sizes and, where it may be read, config.json.
 *
 * @throws UnavailableError saying whether it is missing, renamed, disabled or refused; DataError when the Hub
 * fails.
 */
export async function fetchModel(asked: string, options: HubOptions): Promise<unknown> {
  const id = checkedRepoId(asked);
  const client = new HubClient(options);
  try {
    const answer = await client.get(`/api/models/${id}?blobs=true`, {
      check: ({ text }) => (isObject(parseJson(text)) ? undefined : say.NO_JSON_OBJECT),
    });
    if (answer.problem !== undefined) throw new DataError(`${id}: ${say.hubDoes(answer.problem)}.`);
    if (answer.status !== 200) throw refusalOf(id, answer);
    const record = parseJson(answer.text);
    if (!isObject(record)) return record;
    refuseRenamed(id, record.id);
    return { ...record, ...(await configOf(client, record)) };
  } finally {
    await client.close();
  }
}

/**
 * Refuses a new id: the Hub redirects from an old id to it. Bare legacy ids keep working: gpt2 is
 * openai-community/gpt2 now.
 */
function refuseRenamed(asked: string, found: unknown): void {
  if (typeof found !== 'string' || found.toLowerCase() === asked.toLowerCase()) return;
  throw new UnavailableError(asked, 'renamed', say.renamed(found));
}

const SHA = /^[0-9a-f]{40}$/;

async function configOf(client: HubClient, record: object): Promise<object> {
  const [id, sha, siblings] = [field(record, 'id'), field(record, 'sha'), field(record, 'siblings')];
  const hasConfig =
    Array.isArray(siblings) && siblings.some((file) => field(file, 'rfilename') === 'config.json');
  if (!hasConfig || typeof id !== 'string' || !isRepoId(id)) return {};
  if (typeof sha !== 'string' || !SHA.test(sha)) return {};
  return (await fetchConfig(client, { id, sha }, undefined)).detail;
}

/** Tells whether the answer is a page of a firewall, a CDN or a captive portal. */
function isPage(answer: HubAnswer): boolean {
  const type = headerText(answer.headers, 'content-type') ?? '';
  return !isHubError(answer) && (type.includes('html') || answer.text.trimStart().startsWith('<'));
}

/**
 * Returns the error for a refusal. Anonymous callers get 401 for a repository that does not exist, as the
 * documentation of the Hub's own client says.
 */
function refusalOf(id: string, answer: HubAnswer): DataError {
  const { status } = answer;
  if (isPage(answer)) return new DataError(say.notFromHub(id, status));
  if (status === 401 || status === 404) return new UnavailableError(id, 'missing', say.NO_SUCH_REPO);
  if (status === 403) return new UnavailableError(id, 'disabled', say.REPO_DISABLED);
  return new DataError(`${id}: ${say.hubAnswers(status)}.`);
}
