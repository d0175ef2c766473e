/** Checks repo ids. Every id from outside passes this one function before it is used for anything. */

/**
 * Matches `owner/name` or a legacy bare `name`; letters, digits, `.`, `_`, `-`, each part not starting or ending with a
 * dot, and never `..`. It refuses no id that exists on the Hub, whose rule is huggingface_hub's validate_repo_id.
 */
const REPO_ID = /^(?:[A-Za-z0-9_-][A-Za-z0-9._-]{0,95}\/)?[A-Za-z0-9_-][A-Za-z0-9._-]{0,95}$/;

export function isRepoId(text: string): boolean {
  return REPO_ID.test(text) && !text.includes('..') && text !== '__proto__';
}
