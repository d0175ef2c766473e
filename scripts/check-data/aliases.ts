/** Checks that an alias or a mix names a label itself, never another alias or mix: no chains, no cycles. */
import type { Problem, Rule } from './data.ts';

const path = 'data/quantizations.json';

export const aliases: Rule = ({ quantizations: { gguf } }) => {
  const isLabel = (name: string) => Object.hasOwn(gguf.labels, name);
  const wrong = (field: string, name: string, target: string): Problem => ({
    path,
    field: `gguf.${field}.${name}`,
    found: `${target}, which is no label of its own`,
    fix: 'point it at a key of gguf.labels',
  });
  return [
    ...Object.entries(gguf.aliases)
      .filter(([, target]) => !isLabel(target))
      .map(([name, target]) => wrong('aliases', name, target)),
    ...Object.entries(gguf.mixes)
      .filter(([, { near }]) => !isLabel(near))
      .map(([name, { near }]) => wrong('mixes', name, near)),
  ];
};
