/** What network a model is: model_type, class and GGUF architecture, each from its own place, and the family. */
import type { HubRecord } from '../crawl/record.ts';
import { field } from '../lib/json.ts';
import { type Configs, configField, configString } from './config.ts';
import { type Fact, factValue, firstKnown, known } from './metadata.ts';
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
      familyOfType(modelType, architectureClass, tables),
    ),
    notes: [
      ...typeDisagreements(configs),
      ...familyDisagreements({ modelType, architectureClass, ggufArchitecture }, tables),
    ],
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

/** A model_type that no family lists (deepseek_ref) goes by its class, where that begins with a family. */
function familyOfType(
  modelType: Fact<string>,
  architectureClass: Fact<string>,
  tables: Tables,
): Fact<string> {
  const type = factValue(modelType);
  const listed = type === undefined ? undefined : tables.familyOfModelType.get(type);
  if (modelType === 'unknown' || listed !== undefined || tables.isFamily(type ?? '')) {
    return familyFact(modelType, tables.familyOfModelType);
  }
  const ofClass = tables.familyOfClassStem(factValue(architectureClass) ?? '');
  return ofClass === undefined ? modelType : known(ofClass, 'config');
}

function typeDisagreements({ listed, file }: Configs): string[] {
  const short = field(listed, 'model_type');
  const full = field(file, 'model_type');
  if (typeof short !== 'string' || typeof full !== 'string' || short === full) return [];
  return [
    `The listing says model_type ${short.slice(0, 100)}, config.json says ${full.slice(0, 100)}; config.json is used.`,
  ];
}

type Names = Pick<ArchitectureFacts, 'modelType' | 'architectureClass' | 'ggufArchitecture'>;

/**
 * Names of different networks, each used for what reads it: kghuggingface/kg1repo says class BertForMaskedLM and
 * model_type llama. The GGUF architecture llama serves many families and disagrees with none.
 */
function familyDisagreements(
  { modelType, architectureClass, ggufArchitecture }: Names,
  tables: Tables,
): string[] {
  const type = factValue(modelType);
  if (type === undefined) return [];
  const family = tables.familyOfModelType.get(type) ?? type;
  if (!tables.isFamily(family)) return [];
  const notes: string[] = [];
  const className = factValue(architectureClass);
  const ofClass = className === undefined ? undefined : tables.familyOfClassStem(className);
  if (ofClass !== undefined && ofClass !== family) {
    notes.push(`model_type ${type} and class ${className} name different networks.`);
  }
  const gguf = factValue(ggufArchitecture);
  const ofGguf = gguf === undefined || gguf === 'llama' ? undefined : tables.familyOfGguf.get(gguf);
  if (ofGguf !== undefined && ofGguf !== family) {
    notes.push(`model_type ${type} and GGUF architecture ${gguf} name different networks.`);
  }
  return notes;
}
