/** Finds the kind of a repository by ordered rules, each with the real case it exists for; the first wins. */

import type { Tables } from '../data/tables.ts';
import { field, isObject } from '../lib/json.ts';
import { type Configs, configField, textConfig, wholeNumber } from './config.ts';
import type { FileFacts } from './file-facts.ts';
import { LORA_NAME, UNQUANTIZED_LABELS } from './loras.ts';
import { type Fact, type Kind, known, type Source, type Variant } from './metadata.ts';
import type { HubRecord } from './record.ts';

export interface KindFacts {
  readonly record: HubRecord;
  readonly configs: Configs;
  readonly architectureClass: string | undefined;
  readonly modelType: string | undefined;
  readonly ggufArchitecture: string | undefined;
  readonly files: readonly FileFacts[];
  readonly rootFiles: ReadonlySet<string>;
  readonly variants: readonly Variant[];
  readonly totalParameters: number | undefined;
  readonly tables: Tables;
}

type Rule = (facts: KindFacts) => Fact<Kind> | undefined;

/** The rules in order: those about the repository as a whole come before those about its class or task. */
const RULES: readonly Rule[] = [
  adapterByFiles,
  diffusersByFiles,
  draftByConfig,
  stubBySize,
  byTask,
  bySentenceTransformers,
  byClass,
  ggufAdapterByRelation,
  byGgufArchitecture,
  byModelType,
  byDiffusersLibrary,
  adapterByRelation,
  byTaskAlone,
];

export function readKind(facts: KindFacts): Fact<Kind> {
  for (const rule of RULES) {
    const kind = rule(facts);
    if (kind !== undefined) return kind;
  }
  return 'unknown';
}

/**
 * Finds adapters: an adapter file and no weights of its own (tloen/alpaca-lora-7b); merged weights beside it
 * make it a model. A GGUF that grouping set apart as a LoRA is one too:
 * ggml-org/LoRA-Qwen2.5-1.5B-Instruct-abliterated-F16-GGUF.
 */
function adapterByFiles({ files, variants, rootFiles, configs }: KindFacts): Fact<Kind> | undefined {
  if (variants.length > 0) return undefined;
  const named = rootFiles.has('adapter_config.json') || files.some(isAdapter);
  if (named) return known('adapter', 'file-name');
  return isObject(field(configs.listed, 'peft')) ? known('adapter', 'config') : undefined;
}

function isAdapter({ role, format, base }: FileFacts): boolean {
  return role === 'adapter' || (role === 'weights' && format === 'gguf' && LORA_NAME.test(base));
}

/** Finds pipelines by model_index.json, their table of contents: stable-diffusion-v1-5. */
function diffusersByFiles({ rootFiles }: KindFacts): Fact<Kind> | undefined {
  return rootFiles.has('model_index.json') ? known('diffusion-pipeline', 'file-name') : undefined;
}

/**
 * Matches drafters: nvidia/gpt-oss-120b-Eagle3-long-context (LlamaForCausalLMEagle3),
 * FasterDecoding/medusa-vicuna-7b-v1.3.
 */
const DRAFT_CLASS = /Eagle(?!2)|Medusa|Speculator|DFlash|DSpark|MTP|Draft|AssistantForCausalLM/;
const DRAFT_FIELDS = [
  'speculators_model_type',
  'medusa_num_heads',
  'eagle_config',
  'dflash_config',
  'draft_vocab_size',
];
/**
 * The most layers of a drafter: yuhuili/EAGLE-LLaMA3-Instruct-8B (LlamaForCausalLM) has one, as wide as its
 * base's.
 */
const DRAFT_MAX_LAYERS = 1;
const DRAFT_MIN_WIDTH = 2_048;

function draftByConfig({
  architectureClass,
  configs,
  ggufArchitecture,
  tables,
}: KindFacts): Fact<Kind> | undefined {
  if (architectureClass !== undefined && DRAFT_CLASS.test(architectureClass)) return known('draft', 'config');
  if (DRAFT_FIELDS.some((key) => configField(configs, key) !== undefined)) return known('draft', 'config');
  if (ggufArchitecture !== undefined && tables.kindOfGguf.get(ggufArchitecture) === 'draft')
    return known('draft', 'gguf');
  if (configs.file === undefined) return undefined;
  const text = textConfig(configs.file);
  const layers = wholeNumber(field(text, 'num_hidden_layers'));
  const width = wholeNumber(field(text, 'hidden_size'));
  const thin =
    layers !== undefined && layers <= DRAFT_MAX_LAYERS && width !== undefined && width >= DRAFT_MIN_WIDTH;
  return thin ? known('draft', 'config') : undefined;
}

/**
 * The most weights of a stub. No language model of use is below 5 M;
 * hf-internal-testing/tiny-random-LlamaForCausalLM has 1.0 M random ones.
 */
const STUB_MAX_PARAMETERS = 5_000_000;
/** The most width of a stub: a real vocabulary adds only weights (tiny-random-GemmaForCausalLM: 8 M). */
const STUB_MAX_WIDTH = 32;
const GENERATIVE = /ForCausalLM|LMHeadModel|ForConditionalGeneration/;

function stubBySize(facts: KindFacts): Fact<Kind> | undefined {
  const generative =
    facts.ggufArchitecture !== undefined ||
    GENERATIVE.test(facts.architectureClass ?? '') ||
    facts.record.pipeline_tag === 'text-generation';
  if (!generative) return undefined;
  if (facts.totalParameters !== undefined && facts.totalParameters < STUB_MAX_PARAMETERS) {
    return known('stub', facts.record.safetensors === undefined ? 'gguf' : 'safetensors');
  }
  const { file } = facts.configs;
  const width = file === undefined ? undefined : wholeNumber(field(textConfig(file), 'hidden_size'));
  return width !== undefined && width > 0 && width <= STUB_MAX_WIDTH ? known('stub', 'config') : undefined;
}

/** The kinds by tasks, whatever the class: Alibaba-NLP/gte-Qwen2-1.5B-instruct is Qwen2ForCausalLM. */
const KIND_OF_TASK: ReadonlyMap<string, Kind> = new Map([
  ['sentence-similarity', 'embedding'],
  ['feature-extraction', 'embedding'],
  ['text-ranking', 'reranker'],
  ['visual-document-retrieval', 'embedding'],
]);

function byTask({ record, architectureClass, modelType, tables }: KindFacts): Fact<Kind> | undefined {
  const kind = KIND_OF_TASK.get(record.pipeline_tag ?? '');
  // A classification head stays what its class says.
  if (kind === undefined || /Classification$/.test(architectureClass ?? '')) return undefined;
  // facebook/bart-base: feature-extraction is what the Hub says of a bare encoder-decoder.
  const ofType = tables.kindOfModelType.get(modelType ?? '');
  return ofType === 'encoder-decoder' ? known(ofType, 'config') : known(kind, 'listing');
}

/** Finds embedders of any class by the sentence-transformers layout: intfloat/e5-mistral-7b-instruct. */
function bySentenceTransformers({ rootFiles, record }: KindFacts): Fact<Kind> | undefined {
  if (rootFiles.has('config_sentence_transformers.json') || rootFiles.has('modules.json')) {
    return known(record.pipeline_tag === 'text-ranking' ? 'reranker' : 'embedding', 'file-name');
  }
  return undefined;
}

function byClass(facts: KindFacts): Fact<Kind> | undefined {
  const name = facts.architectureClass;
  if (name === undefined) return undefined;
  const kind = facts.tables.kindOfClass.get(name) ?? kindOfClassName(name, facts);
  return kind === undefined ? undefined : known(kind, 'config');
}

/**
 * Returns the kind by the end of the class name, as transformers builds them; the table holds the exceptions.
 */
function kindOfClassName(name: string, facts: KindFacts): Kind | undefined {
  if (/RewardModel$/.test(name)) return 'reward';
  if (/For\w*Classification$/.test(name)) return headKind(facts);
  if (/For(?:QuestionAnswering|MultipleChoice)$/.test(name)) return 'classifier';
  if (/ForRanking$/.test(name)) return 'reranker';
  if (/For(?:Retrieval|TextEmbedding)$|Embedding(?:Model)?$/.test(name)) return 'embedding';
  if (/Pipeline$/.test(name)) return 'diffusion-pipeline';
  if (
    /^(?:AutoencoderKL|ControlNet|UNet|VQModel|\w*Transformer[23]DModel|\w*ControlNetModel|T2IAdapter)/.test(
      name,
    )
  ) {
    return 'component';
  }
  if (hasVision(facts)) return 'vision-language';
  if (/(?:ForCausalLM|LMHeadModel|LMHead)$/.test(name)) return 'model';
  if (/ForConditionalGeneration$/.test(name)) return conditionalKind(facts);
  // MistralModel, BertModel: a bare network without a head gives vectors.
  return /Model$/.test(name) ? 'embedding' : otherKind(name);
}

/** Returns the kind of a class that ends in a head of transformers; another ending gives none. */
function otherKind(name: string): Kind | undefined {
  return /For[A-Z]\w+$/.test(name) ? 'other' : undefined;
}

/**
 * Returns the kind of a classifier. One of sequences with one label scores:
 * Skywork/Skywork-Reward-V2-Llama-3.2-1B, a decoder, an answer; BERT and XLM-RoBERTa (BAAI/bge-reranker-base)
 * a search result. With more labels it classifies.
 */
function headKind({ configs, record, architectureClass }: KindFacts): Kind {
  if (record.pipeline_tag === 'text-ranking') return 'reranker';
  const labels =
    wholeNumber(field(configs.file, 'num_labels')) ?? countLabels(field(configs.file, 'id2label'));
  if (labels !== 1) return 'classifier';
  return /^(?:Bert|XLMRoberta|Roberta|ModernBert|Electra)For/.test(architectureClass ?? '')
    ? 'reranker'
    : 'reward';
}

function countLabels(id2label: unknown): number | undefined {
  return isObject(id2label) ? Object.keys(id2label).length : undefined;
}

/** Tells whether a config adds vision: llava-hf/llava-1.5-7b-hf nests vision_config beside text_config. */
function hasVision({ configs }: KindFacts): boolean {
  return ['vision_config', 'vision_tower', 'mm_vision_tower', 'visual'].some(
    (key) => isObject(field(configs.file, key)) || typeof field(configs.file, key) === 'string',
  );
}

function conditionalKind({ configs, record }: KindFacts): Kind {
  if (field(configs.file, 'is_encoder_decoder') === true) return 'encoder-decoder';
  if (/^(?:image|video|any|audio)[-\w]*-to-/.test(record.pipeline_tag ?? '')) return 'vision-language';
  return 'other';
}

/**
 * Finds GGUF files that the listing calls an adapter and that only have labels which a LoRA can have: it may
 * be one, or a whole model of a publisher who used the relation loosely. The kind is unknown, unless it is
 * too large for an adapter.
 */
function ggufAdapterByRelation({ record, variants }: KindFacts): Fact<Kind> | undefined {
  const ggufs = variants.filter(({ format }) => format === 'gguf');
  if (record.baseModels?.relation !== 'adapter' || ggufs.length === 0) return undefined;
  const couldBe = ggufs.every(
    ({ quantization }) => quantization === 'unknown' || UNQUANTIZED_LABELS.has(quantization.value),
  );
  return couldBe && (record.gguf?.total ?? 0) < ADAPTER_MAX_PARAMETERS
    ? known('adapter', 'listing')
    : undefined;
}

/** The most weights of an adapter: LoRAs of rank 256 on the largest models stay below it. */
const ADAPTER_MAX_PARAMETERS = 1e9;

/** Returns the kind by the header's architecture: a GGUF repository usually has no class at all. */
function byGgufArchitecture({ ggufArchitecture, variants, tables }: KindFacts): Fact<Kind> | undefined {
  if (ggufArchitecture === undefined || !variants.some(({ format }) => format === 'gguf')) return undefined;
  const kind = tables.kindOfGguf.get(ggufArchitecture);
  return kind === undefined ? undefined : known(kind, 'gguf');
}

/** Returns the kind by model_type, without a class: llava of lmms-lab, publishers' quantized copies. */
function byModelType({ modelType, tables }: KindFacts): Fact<Kind> | undefined {
  const kind = tables.kindOfModelType.get(modelType ?? '');
  return kind === undefined ? undefined : known(kind, 'config');
}

/** Finds a ControlNet or VAE: library diffusers, weights, and no pipeline around them. */
function byDiffusersLibrary({ record, variants, rootFiles }: KindFacts): Fact<Kind> | undefined {
  if (record.library_name !== 'diffusers' || variants.length === 0) return undefined;
  return rootFiles.has('config.json') ? known('component', 'listing') : undefined;
}

/** Finds adapters by the relation alone: nerijs/pixel-art-xl, safetensors that may be a checkpoint. */
function adapterByRelation({ record, variants, rootFiles }: KindFacts): Fact<Kind> | undefined {
  if (record.baseModels?.relation !== 'adapter' || rootFiles.has('config.json')) return undefined;
  // LeroyDyer/_Spydaz_Web_...-Q4_K_M-GGUF calls itself an adapter; a K-quant is a whole model.
  const isGguf = variants.some(({ format }) => format === 'gguf');
  return isGguf ? undefined : known('adapter', 'listing');
}

const TEXT_GENERATION = new Set(['text-generation']);
/** The tasks that causal models and encoder-decoders both do: they give no kind without a class. */
const EITHER = new Set([
  'conversational',
  'text2text-generation',
  'translation',
  'summarization',
  'question-answering',
]);
const VISION_LANGUAGE = new Set([
  'image-text-to-text',
  'visual-question-answering',
  'any-to-any',
  'video-text-to-text',
]);
const CLASSIFICATION = /-classification$/;

/** Returns the kind by the listing's task, which separates generators from the rest without a class. */
function byTaskAlone({ record }: KindFacts): Fact<Kind> | undefined {
  const task = record.pipeline_tag;
  if (task === undefined || EITHER.has(task)) return undefined;
  const source: Source = 'listing';
  if (TEXT_GENERATION.has(task)) return known('model', source);
  if (VISION_LANGUAGE.has(task)) return known('vision-language', source);
  return known(CLASSIFICATION.test(task) ? 'classifier' : 'other', source);
}
