/** Finds the default for a field that config.json leaves out: that of the config class, by the table. */
import type { ClassDefaults, Tables } from '../data/tables.ts';
import { field, type JsonObject, stringField } from '../lib/json.ts';

export type Defaults = ClassDefaults;

/**
 * The fields of a network's size. A config without any of them was written for a tag: `{"model_type":
 * "llama"}`.
 */
const SHAPE_FIELDS = [
  'hidden_size',
  'num_hidden_layers',
  'num_attention_heads',
  'n_embd',
  'n_layer',
  'd_model',
  'n_layers',
] as const;

/** Tells whether a text config states anything of the network's size. */
export function statesShape(text: JsonObject): boolean {
  return SHAPE_FIELDS.some((key) => field(text, key) !== undefined);
}

/**
 * Returns the defaults for the text config of a config.json; undefined where the table lacks its model_type.
 * A composite whose text config names no type takes the one with which its class is made.
 */
export function defaultsOf(
  file: JsonObject,
  text: JsonObject,
  { configDefaults }: Pick<Tables, 'configDefaults'>,
): Defaults | undefined {
  const own = stringField(text, 'model_type');
  const whole = stringField(file, 'model_type');
  const type = own ?? (text === file || whole === undefined ? undefined : configDefaults.textOf.get(whole));
  if (type === undefined || !statesShape(text)) return undefined;
  return (
    configDefaults.models.get(configDefaults.textOf.get(type) ?? type) ?? configDefaults.models.get(type)
  );
}
