/** Addresses of models: on the Hub, and of the page that a marketplace gives them. */
import { DataError } from './errors.ts';
import { isRepoId } from './repo-id.ts';

/** The public Hub. */
export const PUBLIC_HUB = 'https://huggingface.co';

/**
 * Returns the address of a model's page on the Hub.
 *
 * @throws DataError when `id` is no repo id.
 */
export function hubUrl(id: string): string {
  return `${PUBLIC_HUB}/${checked(id)}`;
}

/**
 * Returns the path of a model's page, such as `/models/Qwen/Qwen3-8B`: its parts need no encoding, and are never `..`.
 *
 * @throws DataError when `id` is no repo id: nothing else becomes a path.
 */
export function pagePath(id: string): string {
  return `/models/${checked(id)}`;
}

function checked(id: string): string {
  if (isRepoId(id)) return id;
  throw new DataError(`${JSON.stringify(String(id).slice(0, 200))} is not a repo id; give owner/name.`);
}

/** What people paste: links of the Hub, with or without their beginning, to a page or a file of the repository. */
const LINK = /^(?:https?:\/\/)?(?:www\.)?(?:huggingface\.co|hf\.co)\/+|^hf:\/\//i;
/** Pages of a repository; `ID@REVISION` names a commit. */
const REST = /\/(?:tree|blob|resolve|raw|discussions|commits?|edit|settings|community)(?:\/.*)?$|@[^/]*$/;

/** Returns the repo id that a pasted text means: an id, or a link of the Hub. It may be none. */
export function readAskedId(text: string): string {
  const bare = text
    .trim()
    .replace(/[?#].*$/s, '')
    .replace(LINK, '')
    .replace(/^models\//, '');
  return bare.replace(REST, '').replace(/^\/+|\/+$/g, '');
}
