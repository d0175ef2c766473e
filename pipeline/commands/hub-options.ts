/** Reads the address of the Hub and the token from the environment. */
import { UsageError } from '../lib/errors.ts';
import { PUBLIC_HUB } from '../lib/hub.ts';
import * as say from './sentences.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Returns the address and the token. @throws UsageError naming the variable that no request could use. */
export function hubOptions(env: Environment): { endpoint: string; token: string | undefined } {
  const endpoint = env.HF_ENDPOINT || PUBLIC_HUB;
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) {
    throw new UsageError(say.wrongEndpoint(PUBLIC_HUB, endpoint.replace(/\/\/[^/@]*@/, '//***@')));
  }
  const { username, password } = new URL(endpoint);
  if (username !== '' || password !== '') throw new UsageError(say.ENDPOINT_WITH_PASSWORD);
  return { endpoint, token: tokenOf(env) };
}

/**
 * Returns the token, checked: a header holds printable ASCII only, and a token with a line break was read from a
 * file with two lines.
 */
function tokenOf({ HF_TOKEN }: Environment): string | undefined {
  const token = HF_TOKEN?.trim() || undefined;
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) throw new UsageError(say.TOKEN_WITH_SIGNS);
  return token;
}
