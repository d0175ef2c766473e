/** What a listing record may hold: limits that the two readers of records share. */

/**
 * Caps, each well above the largest real case. Ids: the Hub allows 96 characters a part. File names: Linux paths.
 * Files: the largest listed repositories hold some tens of thousands.
 */
export const MAX_FILES = 100_000;
export const MAX_NAME = 1_024;
/** safetensors knows some twenty number types; a list of thousands is hostile, and slow to check. */
export const MAX_TYPES = 64;

/** Fields that may not be dropped when they are malformed: without them a verdict could be wrong. */
export const GUARDING_FIELDS: ReadonlySet<string> = new Set([
  'id',
  'private',
  'gated',
  'disabled',
  'siblings',
  'pipeline_tag',
  'library_name',
  'baseModels',
  'configProblem',
]);

/**
 * `owner/name` or a legacy bare `name`; letters, digits, `.`, `_`, `-`, each part not starting or ending with a dot,
 * and never `..`. Stricter than the Hub in nothing that exists there: huggingface_hub's validate_repo_id.
 */
const REPO_ID = /^(?:[A-Za-z0-9_-][A-Za-z0-9._-]{0,95}\/)?[A-Za-z0-9_-][A-Za-z0-9._-]{0,95}$/;

export function isRepoId(text: string): boolean {
  return REPO_ID.test(text) && !text.includes('..') && text !== '__proto__';
}
