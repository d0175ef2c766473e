/** Reads the quantization label of a GGUF file from its name, by table. */

/** Words that may follow a label without changing what the tensors are. */
const HARMLESS = new Set(['IMAT', 'IMATRIX', 'GGUF', 'MAT']);
/** Looks like a label (`q4`, `IQ4_KSX`, `Q4_X`) though no table knows it: reading on to the left would be a guess. */
const LABEL_LIKE = /^(?:I|T)?Q\d/;

/**
 * The label in a GGUF file's base name, without folder, extension and part number. The last label wins
 * (`Fimbulvetr-fp16.Q4_K_M`); it must be a whole word (`Sparse-2of4.Q8_0` has one, `Qwen_Qwen3` has none);
 * `i1-` only says how the file was made, `UD-` names another mix and stays part of the label.
 */
export function readLabel(baseName: string, labels: ReadonlyMap<string, string>): string | undefined {
  const words = baseName.toUpperCase().split(/[^A-Z0-9_]+/);
  for (let at = words.length - 1; at >= 0; at -= 1) {
    const found = labelInWord(words[at] ?? '', labels);
    if (found === 'label-like') return undefined;
    if (found !== undefined) return words[at - 1] === 'UD' ? `UD-${found}` : found;
  }
  return undefined;
}

/** The longest run of `_`-joined parts that the table knows and that nothing but harmless words follow. */
function labelInWord(word: string, labels: ReadonlyMap<string, string>): string | 'label-like' | undefined {
  const parts = word.split('_');
  let end = parts.length;
  while (end > 0 && (HARMLESS.has(parts[end - 1] ?? '') || parts[end - 1] === '')) end -= 1;
  for (let start = 0; start < end; start += 1) {
    const label = labels.get(parts.slice(start, end).join('_'));
    if (label !== undefined) return label;
  }
  return parts.some((part) => LABEL_LIKE.test(part) && part.length <= 3) ? 'label-like' : undefined;
}
