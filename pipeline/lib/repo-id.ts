/** Tells what may be a repo id: the one function that an id from outside passes before it is used for anything. */

/**
 * `owner/name` or a legacy bare `name`; letters, digits, `.`, `_`, `-`, each part not starting or ending with a dot,
 * and never `..`. Stricter than the Hub in nothing that exists there: huggingface_hub's validate_repo_id.
 */
const REPO_ID = /^(?:[A-Za-z0-9_-][A-Za-z0-9._-]{0,95}\/)?[A-Za-z0-9_-][A-Za-z0-9._-]{0,95}$/;

export function isRepoId(text: string): boolean {
  return REPO_ID.test(text) && !text.includes('..') && text !== '__proto__';
}
