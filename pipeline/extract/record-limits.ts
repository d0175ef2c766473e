/** The limits of a listing record, which the two readers of records share. */

/**
 * Caps, each well above the largest real case. Ids: the Hub allows 96 characters a part. File names: Linux
 * paths. Files: the largest listed repositories hold some tens of thousands.
 */
export const MAX_FILES = 100_000;
export const MAX_NAME = 1_024;
/**
 * The most number types. safetensors knows some twenty; a list of thousands is hostile, and slow to check.
 */
export const MAX_TYPES = 64;
