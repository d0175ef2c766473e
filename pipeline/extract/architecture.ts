/**
 * Reads which network a model is: model_type, class and GGUF architecture, each from its own place, and the
 * family.
 */

import type { BaseModel, Tables } from '../data/tables.ts';
import { field, type JsonObject, stringField } from '../lib/json.ts';
import { type Configs, configString } from './config.ts';
import { type Fact, factValue, firstKnown, known } from './metadata.ts';
import type { HubRecord } from './record.ts';

export interface ArchitectureFacts {
  readonly modelType: Fact<string>;
  readonly architectureClass: Fact<string>;
  /** The names in `architectures` after the first. */
  readonly otherClasses: readonly string[];
  readonly ggufArchitecture: Fact<string>;
  readonly architecture: Fact<string>;
  /** True where the names contradict each other, so that they do not show what the repository holds. */
  readonly disagree: boolean;
  readonly notes: readonly string[];
}

/**
 * Matches names of network types and classes, which are identifiers; other text in these fields is noise,
 * never shown.
 */
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_.-]{0,99}$/;

/** Reads the architecture. `ggufIsModel`: false where the listing's `gguf` object describes a helper. */
export function readArchitecture(
  record: HubRecord,
  configs: Configs,
  tables: Tables,
  ggufIsModel: boolean,
): ArchitectureFacts {
  const modelType = identifier(configString(configs, 'model_type'), 'config');
  const architectureClass = identifier(classOf(configs), 'config');
  const ggufArchitecture = ggufIsModel ? identifier(record.gguf?.architecture, 'gguf') : 'unknown';
  const notes = [
    ...listingDisagreements(configs),
    ...familyDisagreements({ modelType, architectureClass, ggufArchitecture }, tables),
  ];
  return {
    modelType,
    architectureClass,
    otherClasses: otherClassesOf(configs),
    ggufArchitecture,
    architecture: familyOf(
      { modelType, architectureClass, ggufArchitecture },
      tables.baseModelOf(record),
      tables,
    ),
    disagree: notes.length > 0,
    notes,
  };
}

/**
 * Returns `architectures[0]`, config.json first; of a diffusers repository the `_class_name` of its pipeline
 * or component.
 */
function classOf({ file, listed }: Configs): string | undefined {
  const first = firstClass(file) ?? firstClass(listed);
  if (first !== undefined) return first;
  const name = field(field(listed, 'diffusers'), '_class_name') ?? field(file, '_class_name');
  return typeof name === 'string' ? name : undefined;
}

function firstClass(config: JsonObject | undefined): string | undefined {
  const list = field(config, 'architectures');
  const first = Array.isArray(list) ? list[0] : list;
  return typeof first === 'string' ? first : undefined;
}

function identifier(text: string | undefined, source: 'config' | 'gguf'): Fact<string> {
  return text !== undefined && IDENTIFIER.test(text) ? known(text, source) : 'unknown';
}

/** Returns the table's family, or the name itself where the table does not group it. */
function familyFact(name: Fact<string>, families: ReadonlyMap<string, string>): Fact<string> {
  return name === 'unknown' ? 'unknown' : known(families.get(name.value) ?? name.value, name.source);
}

/**
 * Returns the family of a model_type. One that no family lists (deepseek_ref) gets that with which its class
 * begins, if any.
 */
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

/**
 * Returns notes about differences from the listing. The Hub reads it from config.json: where they differ, one
 * of them is not of this commit.
 */
function listingDisagreements({ listed, file }: Configs): string[] {
  const pairs = [
    ['model_type', stringField(listed, 'model_type'), stringField(file, 'model_type')],
    ['class', firstClass(listed), firstClass(file)],
  ] as const;
  return pairs
    .filter(([, short, full]) => short !== undefined && full !== undefined && short !== full)
    .map(
      ([what, short, full]) =>
        `The listing says ${what} ${short?.slice(0, 100)}, config.json says ${full?.slice(0, 100)}.`,
    );
}

/**
 * Returns the family. The GGUF architecture llama serves many families: the config beside it or the base
 * model is more exact (TheBloke writes `tinyllama` and `deepseek` into config.json, which are none).
 * Diffusion pipelines have the family of their class.
 */
function familyOf(
  { modelType, architectureClass, ggufArchitecture }: Names,
  base: BaseModel | undefined,
  tables: Tables,
): Fact<string> {
  const ofPipeline = tables.familyOfPipeline.get(factValue(architectureClass) ?? '');
  if (ofPipeline !== undefined) return known(ofPipeline, 'config');
  const ofType = familyOfType(modelType, architectureClass, tables);
  if (factValue(ggufArchitecture) === 'llama') {
    const ofBase: Fact<string> = base === undefined ? 'unknown' : known(base.family, 'base-model');
    const isTold = ofType !== 'unknown' && tables.familiesUnderLlama.has(ofType.value);
    return firstKnown(isTold ? ofType : 'unknown', ofBase, ggufArchitecture);
  }
  return firstKnown(familyFact(ggufArchitecture, tables.familyOfGguf), ofType);
}

const MOST_CLASSES = 8;

function otherClassesOf({ file, listed }: Configs): string[] {
  const list = field(file, 'architectures') ?? field(listed, 'architectures');
  if (!Array.isArray(list)) return [];
  return list
    .slice(1, MOST_CLASSES)
    .filter((name): name is string => typeof name === 'string' && IDENTIFIER.test(name));
}

type Names = Pick<ArchitectureFacts, 'modelType' | 'architectureClass' | 'ggufArchitecture'>;

/**
 * Returns notes about names of different networks, each used for its own reader: kghuggingface/kg1repo has
 * the class BertForMaskedLM and the model_type llama. The GGUF architecture llama serves many families and
 * disagrees with none.
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
