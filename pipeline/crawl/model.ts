/** One repository, asked for by its id. */
import { DataError } from '../lib/errors.ts';
import { field, isObject, parseJson } from '../lib/json.ts';
import { HubClient, type HubOptions } from './client.ts';
import { fetchConfig } from './details.ts';
import { isRepoId } from './record.ts';

/**
 * One repository as the listing would show it, with sizes and, where it may be read, config.json.
 *
 * @throws DataError saying whether the repository is missing, disabled or refused.
 */
export async function fetchModel(id: string, options: HubOptions): Promise<unknown> {
  if (!isRepoId(id))
    throw new DataError(`${JSON.stringify(id.slice(0, 200))} is not a repo id; give owner/name.`);
  const client = new HubClient(options);
  try {
    const answer = await client.get(`/api/models/${id}?blobs=true`, {
      check: ({ text }) => (isObject(parseJson(text)) ? undefined : 'the Hub sent no JSON object'),
    });
    if (answer.status !== 200 || answer.problem !== undefined)
      throw new DataError(`${id}: ${answer.problem ?? refusalOf(answer.status)}`);
    const record = parseJson(answer.text);
    return isObject(record) ? { ...record, ...(await configOf(client, record)) } : record;
  } finally {
    await client.close();
  }
}

const SHA = /^[0-9a-f]{40}$/;

async function configOf(client: HubClient, record: object): Promise<object> {
  const [id, sha, siblings] = [field(record, 'id'), field(record, 'sha'), field(record, 'siblings')];
  const hasConfig =
    Array.isArray(siblings) && siblings.some((file) => field(file, 'rfilename') === 'config.json');
  if (!hasConfig || typeof id !== 'string' || !isRepoId(id)) return {};
  if (typeof sha !== 'string' || !SHA.test(sha)) return {};
  const config = await fetchConfig(client, { id, sha }, undefined);
  return typeof config === 'string' ? {} : config;
}

/** Anonymous callers are told 401 for a repository that is not there: docs in the Hub's own client say so. */
function refusalOf(status: number): string {
  if (status === 401 || status === 404) return 'the Hub has no such repository, or it is private.';
  if (status === 403) return 'the Hub has disabled this repository, or refuses this token.';
  return `the Hub answers ${status}.`;
}
