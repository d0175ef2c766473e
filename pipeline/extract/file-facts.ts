/** The facts about a file that its path alone tells, and the patterns that more than one reader of paths needs. */
import type { Format } from './metadata.ts';
import type { Part } from './parts.ts';

type Role =
  | 'weights'
  /** LoRA and other adapter weights. */
  | 'adapter'
  /** A GGUF that accompanies a model: image or audio projector, importance matrix, vocabulary, draft head. */
  | 'helper'
  | 'other';

export interface FileFacts {
  readonly path: string;
  /** The folder without a slash at the end; '' at the root. */
  readonly folder: string;
  readonly base: string;
  readonly role: Role;
  readonly format: Format | undefined;
  /** The part of a model that a file of weights is. */
  readonly part: Part;
  /** The pattern among the companions that the file matches, such as `*.tiktoken`. */
  readonly companion: string | undefined;
  /**
   * The words at the end of the name of an ordinary GGUF file, which most often are its label: `Q4_K_M`, `UD-Q4_K_XL`.
   * Undefined of other files.
   */
  readonly ending: string | undefined;
}

export interface SizedFile extends FileFacts {
  readonly sizeBytes: number | 'unknown';
}

/**
 * Matches some word of each pattern by which a GGUF file is a helper: most names have none, and one search is quicker than
 * several.
 */
export const MAY_BE_HELPER =
  /proj|vocab|mtp|dflash|dspark|eagle|token|vocoder|audio|vae|draft|adapter|imatrix|assistant/;
/**
 * Matches folders of training checkpoints, hidden ones, voices, tokenizers and the dense layers of
 * sentence-transformers.
 */
export const NO_WEIGHTS_FOLDER = /(?:^|\/)(?:checkpoint-\d+|\.[^/]*|\d+_\w+|voices?|\w*tokenizer)(?:\/|$)/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what no path may have
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** Tells whether a text can be a path in a repository: no leading slash, no control characters, no `..`. */
export function isPath(path: string): boolean {
  if (path === '' || path.startsWith('/') || CONTROL.test(path)) return false;
  return !path.includes('..') || !path.split('/').includes('..');
}
