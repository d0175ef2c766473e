/**
 * Recommends one of the variants that run: the usual compromise between size and quality, or the nearest to
 * it.
 */

import { factValue, type Variant } from '../extract/metadata.ts';
import { hasGraph, isWhole, type Route } from './route.ts';
import { usualNotTaken, whyNotUsual } from './sentences.ts';

/** The bits of a weight of Q4_K_M, 4.8 to 4.9, which most publishers and programs name first. */
const USUAL_BITS = 4.8;
const USUAL_LABEL = 'Q4_K_M';
/** The bits from which numbers are not quantized, only shortened. */
const FLOAT_BITS = 16;

/**
 * Returns the recommended variant; undefined where there is none. Of equals it takes Q4_K_M itself, then the
 * shortest label, then the first.
 */
export function recommend(variants: readonly Variant[]): Variant | undefined {
  return variants.reduce<Variant | undefined>(
    (best, variant) => (best === undefined || isBetter(variant, best) ? variant : best),
    undefined,
  );
}

/** Tells whether a variant is recommended before another. */
export function isBetter(a: Variant, b: Variant): boolean {
  const difference = rankOf(a) - rankOf(b);
  if (Math.abs(difference) > Number.EPSILON) return difference < 0;
  if (labelOf(a) === USUAL_LABEL || labelOf(b) === USUAL_LABEL) return labelOf(b) !== USUAL_LABEL;
  return labelOf(a).length < labelOf(b).length;
}

const labelOf = ({ quantization }: Variant) => factValue(quantization) ?? '';

/**
 * Returns the distance from the usual width; an unknown width comes after all known ones, and floats come
 * last.
 */
function rankOf({ bitsPerWeight: bits }: Variant): number {
  if (bits === undefined) return FLOAT_BITS;
  return bits >= FLOAT_BITS ? bits * 2 : Math.abs(bits - USUAL_BITS);
}

/** Returns why a variant nearer to the usual one is not taken; empty where the worker opens it too. */
export function whyNotTheUsual(route: Route, taken: Variant | undefined): string[] {
  if (taken === undefined) return [];
  const usual = recommend(route.candidates);
  if (usual === undefined || usual === taken || !isBetter(usual, taken)) return [];
  return [usualNotTaken(labelOf(usual), whyNot(usual, route))];
}

function whyNot(variant: Variant, { model, accept, workerName }: Route): string {
  if (!isWhole(variant, accept))
    return variant.missingShards === 0 ? whyNotUsual.split(workerName) : whyNotUsual.incomplete;
  return hasGraph(model, variant, accept) ? whyNotUsual.unread(workerName) : whyNotUsual.names(workerName);
}
