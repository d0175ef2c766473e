/** What network a model is: model_type, class and GGUF architecture, each from its own place, and the family. */
import type { HubRecord } from '../crawl/record.ts';
import { field } from '../lib/json.ts';
import { type Configs, configField, configString } from './config.ts';
import { type Fact, firstKnown, known } from './metadata.ts';
import type { Tables } from './tables.ts';

export interface ArchitectureFacts {
  readonly modelType: Fact<string>;
  readonly architectureClass: Fact<string>;
  readonly ggufArchitecture: Fact<string>;
  readonly architecture: Fact<string>;
  readonly notes: readonly string[];
}

/** Names of network types and classes are identifiers; anything else in these fields is noise, never shown. */
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_.-]{0,99}$/;

export function readArchitecture(record: HubRecord, configs: Configs, tables: Tables): ArchitectureFacts {
  const modelType = identifier(configString(configs, 'model_type'), 'config');
  const architectureClass = identifier(classOf(configs), 'config');
  const ggufArchitecture = identifier(record.gguf?.architecture, 'gguf');
  return {
    modelType,
    architectureClass,
    ggufArchitecture,
    architecture: firstKnown(
      familyFact(ggufArchitecture, tables.familyOfGguf),
      familyFact(modelType, tables.familyOfModelType),
    ),
    notes: disagreements(configs),
  };
}

/** `architectures[0]`; of a diffusers repository the `_class_name` of its pipeline or component. */
function classOf(configs: Configs): string | undefined {
  const list = configField(configs, 'architectures');
  const first = Array.isArray(list) ? list[0] : undefined;
  if (typeof first === 'string') return first;
  const diffusers = field(configs.listed, 'diffusers');
  const name = field(diffusers, '_class_name') ?? configField(configs, '_class_name');
  return typeof name === 'string' ? name : undefined;
}

function identifier(text: string | undefined, source: 'config' | 'gguf'): Fact<string> {
  return text !== undefined && IDENTIFIER.test(text) ? known(text, source) : 'unknown';
}

/** The table's family, or the name itself where the table does not group it. */
function familyFact(name: Fact<string>, families: ReadonlyMap<string, string>): Fact<string> {
  return name === 'unknown' ? 'unknown' : known(families.get(name.value) ?? name.value, name.source);
}

function disagreements({ listed, file }: Configs): string[] {
  const short = field(listed, 'model_type');
  const full = field(file, 'model_type');
  if (typeof short !== 'string' || typeof full !== 'string' || short === full) return [];
  return [
    `The listing says model_type ${short.slice(0, 100)}, config.json says ${full.slice(0, 100)}; config.json is used.`,
  ];
}
