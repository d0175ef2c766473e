/**
 * Names the tools that convert a repository into what a worker reads, where only the format prevents it from
 * running.
 */

import { FLOATS } from '../data/vocabulary.ts';
import type { Conversion } from '../data/worker.ts';
import { factValue, type ModelMetadata } from '../extract/metadata.ts';
import { matchedName } from './match.ts';
import type { Route } from './route.ts';
import { converts } from './sentences.ts';
import type { Finding } from './verdict.ts';

interface Judged {
  readonly route: Pick<Route, 'accept'>;
  readonly findings: readonly Finding[];
}

/** The findings that another format, or a file that the converter writes, resolves. */
const MENDED: ReadonlySet<Finding['code']> = new Set([
  'format_unsupported',
  'quantization_unsupported',
  'file_missing',
]);

/** Returns a sentence for each tool that takes the weights as they are. */
export function conversionsOf(model: ModelMetadata, routes: readonly Judged[]): string[] {
  return routes
    .filter(({ findings }) => findings.every(({ code }) => MENDED.has(code)))
    .flatMap(({ route: { accept } }) =>
      (accept.conversions ?? [])
        .filter((conversion) => takes(conversion, model))
        .map(({ tool }) => converts(tool, accept)),
    );
}

function takes({ from, by, names }: Conversion, model: ModelMetadata): boolean {
  const name = matchedName(model, { by, names });
  if (name === undefined || !names.includes(name)) return false;
  return model.variants.some(
    ({ format, quantization, missingShards }) =>
      format === from && missingShards === 0 && FLOATS.includes(factValue(quantization) ?? ''),
  );
}
