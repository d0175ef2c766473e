/** Finds which Hub task a model does: that of its listing, checked against what its weights can do. */

import { type Fact, factValue, type Kind, known } from './metadata.ts';
import type { HubRecord } from './record.ts';

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
/** The tasks of multimodal wrappers, which are wrong where the class is a plain language model. */
const MULTIMODAL_GENERATION = new Set([
  'image-text-to-text',
  'any-to-any',
  'audio-text-to-text',
  'video-text-to-text',
]);

/** Matches names of tasks as the Hub writes them; anything else is noise, never shown. */
const TASK = /^[A-Za-z0-9][\w-]{0,59}$/;

export function readTask(record: HubRecord, kind: Fact<Kind>, architectureClass: Fact<string>): Fact<string> {
  const listed = TASK.test(record.pipeline_tag ?? '') ? record.pipeline_tag : undefined;
  const generator =
    /(?:ForCausalLM|LMHeadModel)$/.test(factValue(architectureClass) ?? '') && factValue(kind) === 'model';
  if (listed !== undefined) {
    if (factValue(kind) === 'model' && TEXT_GENERATION_USES.has(listed))
      return known('text-generation', 'listing');
    if (generator && MULTIMODAL_GENERATION.has(listed)) return known('text-generation', 'config');
    return known(listed, 'listing');
  }
  // A text generator without a task generates text, by whichever fact made it one.
  return kind !== 'unknown' && kind.value === 'model' ? known('text-generation', kind.source) : 'unknown';
}
