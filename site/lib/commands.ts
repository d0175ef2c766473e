/** The commands that a visitor types to fetch exactly the files of a variant, and to start it. */
import type { StartCommand } from '../../pipeline/data/worker.ts';
import type { Variant } from '../../pipeline/extract/metadata.ts';
import { quoteForShell } from '../../pipeline/lib/shell.ts';

/** The most files that are named one by one. */
const MOST_NAMED = 12;
/** Formats whose files say by themselves how they are read; the others have it in JSON files beside them. */
const ALONE = new Set(['gguf', 'ggml']);

/** Part of a split file, as `model-00001-of-00004.safetensors`. */
const PART = /-\d{5}(?=-of-\d{5}\.)/;

/**
 * Returns the commands that fetch a variant: its weights, and the JSON files that configure it. Where neither names nor one
 * pattern tell its files apart from those of the others, it is the whole repository.
 *
 * @param all The variants of the repository, this one too.
 */
export function fetchCommands(id: string, variant: Variant, all: readonly Variant[]): string[] {
  const what = weightsOf(variant, all);
  if (what === undefined) return [`hf download ${id}`];
  const weights = `hf download ${id} ${what}`;
  return ALONE.has(variant.format) ? [weights] : [`hf download ${id} --include '*.json'`, weights];
}

function weightsOf({ files }: Variant, all: readonly Variant[]): string | undefined {
  if (files.length <= MOST_NAMED) return files.map(quoteForShell).join(' ');
  const patterns = new Set(files.map((file) => file.replace(PART, '-*')));
  const [pattern = '', ...more] = patterns;
  const own = new Set(files);
  const matches = new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`);
  const isExact = all.every((one) => one.files.every((file) => own.has(file) || !matches.test(file)));
  // A sign that patterns give a meaning would match other files.
  if (more.length > 0 || !isExact || /[[\]?]/.test(pattern)) return undefined;
  return `--include ${quoteForShell(pattern)}`;
}

const escaped = (text: string) => text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');

/** Returns the command that starts a variant; undefined where its label does not tell it from the others. */
export function startCommand(
  id: string,
  variant: Variant,
  { start = [] }: { readonly start?: readonly StartCommand[] },
): string | undefined {
  const command = start.find(({ format }) => format === variant.format)?.command;
  if (command === undefined || !command.includes('{quantization}')) return command?.replaceAll('{id}', id);
  const label = variant.quantization === 'unknown' ? '' : variant.quantization.value;
  // `#2` ends the id of a variant whose label another one has, too.
  if (!/^[\w.-]+$/.test(label) || variant.id.includes('#') || variant.layout !== 'root') return undefined;
  return command.replaceAll('{id}', id).replaceAll('{quantization}', label);
}
