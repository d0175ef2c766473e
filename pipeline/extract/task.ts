/** Which Hub task a model does: what its listing says, checked against what its weights can do. */
import type { HubRecord } from '../crawl/record.ts';
import { type Fact, factValue, type Kind, known } from './metadata.ts';

/**
 * Uses of a text generator that the Hub lists as tasks of their own: a causal language model tagged `translation`
 * (haoranxu/ALMA-7B) still generates text.
 */
const TEXT_GENERATION_USES = new Set([
  'text-generation',
  'text2text-generation',
  'conversational',
  'translation',
  'summarization',
  'question-answering',
  'table-question-answering',
  'document-question-answering',
]);
/** Mistagged with a wrapper's task although the class is a plain language model. */
const MULTIMODAL_GENERATION = new Set([
  'image-text-to-text',
  'any-to-any',
  'audio-text-to-text',
  'video-text-to-text',
]);

export function readTask(record: HubRecord, kind: Fact<Kind>, architectureClass: Fact<string>): Fact<string> {
  const listed = record.pipeline_tag;
  const generator =
    /(?:ForCausalLM|LMHeadModel)$/.test(factValue(architectureClass) ?? '') && factValue(kind) === 'model';
  if (listed !== undefined) {
    if (factValue(kind) === 'model' && TEXT_GENERATION_USES.has(listed))
      return known('text-generation', 'listing');
    if (generator && MULTIMODAL_GENERATION.has(listed)) return known('text-generation', 'config');
    return known(listed.slice(0, 60), 'listing');
  }
  // A text generator without a task generates text, by whichever fact made it one.
  return kind !== 'unknown' && kind.value === 'model' ? known('text-generation', kind.source) : 'unknown';
}
