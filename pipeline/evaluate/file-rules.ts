/** The rules about files: the weights are whole, and the files that are opened beside them are there. */

import type { Accept } from '../data/worker.ts';
import { factValue, type ModelMetadata } from '../extract/metadata.ts';
import { isGraphOf, isWhole, type Route } from './route.ts';
import * as say from './sentences.ts';
import type { Finding } from './verdict.ts';

export const FILES_UNKNOWN: Finding = {
  outcome: 'unknown',
  code: 'files_unknown',
  sentence: say.FILES_UNKNOWN,
};

const DATA_UNKNOWN: Finding = {
  outcome: 'unknown',
  code: 'files_unknown',
  sentence: say.ONNX_DATA_UNKNOWN,
};

export function checkWeightFiles(route: Route): Finding | undefined {
  const { accept, workerName, candidates: variants } = route;
  const { passing } = route.surviving;
  if (variants.length === 0 || passing.some((variant) => isWhole(variant, accept))) return undefined;
  // Only those that the quantization rule let through, where there are any: the others fail already.
  const judged = passing.length > 0 ? passing : variants;
  if (judged.every(({ missingShards }) => missingShards !== 0)) {
    if (judged.some(({ missingShards }) => missingShards === 'unknown')) return DATA_UNKNOWN;
    return { outcome: 'fail', code: 'weights_incomplete', sentence: say.WEIGHTS_INCOMPLETE };
  }
  if (accept.splitWeights || judged.some(({ weightShards }) => weightShards === 1)) return undefined;
  return {
    outcome: 'fail',
    code: 'split_weights_unsupported',
    sentence: say.splitUnsupported(workerName),
    remedy: say.LOOK_FOR_ONE_FILE,
  };
}

export function missingFiles(model: ModelMetadata, accept: Accept): string[] {
  return accept.requiredFiles.filter((name) => !model.companions.includes(name));
}

export function checkRequiredFiles({ model, accept, workerName }: Route): Finding | undefined {
  // Without a list of files there is no variant either, and that was said; but a caller may name a format alone.
  if (!model.filesKnown)
    return model.variants.length > 0 && accept.requiredFiles.length > 0 ? FILES_UNKNOWN : undefined;
  const missing = missingFiles(model, accept);
  if (missing.length === 0) return undefined;
  const tokenizer = missing.includes('tokenizer.json') && model.companions.includes('tokenizer.model');
  return {
    outcome: 'fail',
    code: 'file_missing',
    sentence: say.fileMissing(missing, workerName, accept.reads),
    ...(tokenizer ? { remedy: say.CONVERT_TOKENIZER } : {}),
  };
}

/**
 * Checks that one of the files is there, such as a tokenizer, which kinds that neither read nor write text do
 * not need.
 */
export function checkOneOfFiles({ model, accept, workerName }: Route): Finding | undefined {
  const wanted = accept.oneOfFiles;
  if (wanted === undefined || !model.filesKnown || factValue(model.kind) === 'other') return undefined;
  if (wanted.some((name) => model.companions.includes(name))) return undefined;
  return {
    outcome: 'fail',
    code: 'file_missing',
    sentence: say.noneOfFiles(wanted, workerName),
  };
}

/** Checks that all ONNX graphs of the kind are there, in whatever precision: they are opened by name. */
export function checkGraphs({ model, accept, workerName, candidates: variants }: Route): Finding | undefined {
  const wanted = accept.graphs?.[factValue(model.kind) ?? 'other'];
  if (wanted === undefined || variants.length === 0) return undefined;
  const missing = wanted.filter(
    (graph) => !variants.some(({ files }) => files.some((path) => isGraphOf(path, graph))),
  );
  if (missing.length === 0) return undefined;
  return {
    outcome: 'fail',
    code: 'file_missing',
    sentence: say.graphsMissing(
      missing.map((graph) => `${graph}.onnx`),
      workerName,
    ),
  };
}
