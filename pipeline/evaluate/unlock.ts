/** Names the capabilities each of which alone would make a worker run a model that it refuses. */

import type { Accept } from '../data/worker.ts';
import { type Format, factValue } from '../extract/metadata.ts';
import { type MarkedFact, markOf } from '../lib/placeholders.ts';
import { missingFiles } from './file-rules.ts';
import { MATCHED_FACTS } from './match.ts';
import { type Route, routeFor } from './route.ts';
import { FORMAT_RULES } from './rules.ts';
import type { Finding } from './verdict.ts';

/**
 * Returns the single capabilities each of which would open this way in: none when two things are missing at
 * once, or when a fact is. They are written `what:name`, with a mark for a name of the model, such as
 * `model_type:qwen3`, `gguf:qwen3`, `quantization:gptq`, `split:gguf`, `format:pytorch`,
 * `without:tokenizer.json`, `issue:reset-cache`, `pipeline:FluxPipeline`.
 */
export function capabilitiesFor(route: Route, findings: readonly Finding[]): string[] {
  const { model, accept } = route;
  const [only, ...more] = findings;
  if (only === undefined || more.length > 0) return [];
  switch (only.code) {
    case 'architecture_unsupported':
      return named(accept.match.by, MATCHED_FACTS[accept.match.by]);
    case 'repo_not_listed':
      return named('pipeline', model.architectureClass === 'unknown' ? undefined : 'c');
    case 'quantization_unsupported':
      return [...new Set(route.candidates.map((v) => `quantization:${factValue(v.quantization)}`))];
    case 'split_weights_unsupported':
      return [`split:${accept.format}`];
    case 'file_missing': {
      const missing = missingFiles(model, accept);
      return missing.length === 1 ? [`without:${missing[0]}`] : [];
    }
    case 'format_unsupported':
      return formatsThatWouldDo(route);
    case 'known_issue':
      return [`issue:${only.issue}`];
    default:
      return [];
  }
}

function named(what: string, letter: MarkedFact | undefined): string[] {
  return letter === undefined ? [] : [`${what}:${markOf(letter)}`];
}

/**
 * Returns the formats of the repository in which all the other rules of this way hold. GGUF carries its own
 * architecture.
 */
function formatsThatWouldDo({ model, accept, workerName }: Route): string[] {
  if (accept.format === 'gguf') return [];
  const formats = new Set<Format>(model.variants.map(({ format }) => format));
  return [...formats]
    .filter((format) => format !== 'gguf' && format !== accept.format)
    .filter((format) => {
      const instead: Accept = {
        ...accept,
        format,
        layouts: ['root', 'folder'],
        quantizations: ['any'],
        splitWeights: true,
      };
      const route = routeFor({ model, accept: instead, workerName, formats: [] });
      return FORMAT_RULES.every((rule) => rule(route) === undefined);
    })
    .map((format) => `format:${format}`);
}
