/** Addresses of models: those on the Hub, and the path of a model's page on a marketplace. */
import { DataError } from './errors.ts';
import { isRepoId } from './repo-id.ts';

/** The address of the public Hub. */
export const PUBLIC_HUB = 'https://huggingface.co';

/**
 * Returns the address of a model's page on the Hub.
 *
 * @throws DataError when `id` is no repo id.
 */
export function hubUrl(id: string): string {
  return `${PUBLIC_HUB}/${checkedRepoId(id)}`;
}

/**
 * Returns the path of a model's page, such as `/models/Qwen/Qwen3-8B`. Its parts need no encoding, and are never `..`.
 *
 * @throws DataError when `id` is no repo id: nothing else becomes a path.
 */
export function pagePath(id: string): string {
  return `/models/${checkedRepoId(id)}`;
}

/**
 * Returns the id that was given.
 *
 * @throws DataError when it is no repo id.
 */
export function checkedRepoId(id: string): string {
  if (isRepoId(id)) return id;
  throw new DataError(`${JSON.stringify(String(id).slice(0, 200))} is not a repo id; give owner/name.`);
}

/** The start of links of the Hub that people paste, with or without the protocol. */
const LINK = /^(?:https?:\/\/)?(?:www\.)?(?:huggingface\.co|hf\.co)\/+|^hf:\/\//i;
/** The part of a link behind the repo id: a page or a file of the repository. `ID@REVISION` names a commit. */
const REST = /\/(?:tree|blob|resolve|raw|discussions|commits?|edit|settings|community)(?:\/.*)?$|@[^/]*$/;

/** Returns the repo id in a pasted text, which is an id or a link of the Hub. The result may be no valid id. */
export function readAskedId(text: string): string {
  const bare = text
    .trim()
    .replace(/[?#].*$/s, '')
    .replace(LINK, '')
    .replace(/^models\//, '');
  return bare.replace(REST, '').replace(/^\/+|\/+$/g, '');
}
