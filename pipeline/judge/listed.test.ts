import { expect, it } from 'vitest';
import { receiveListed, sendListed } from './listed.ts';

const sizing = { groups: { of: [], workers: [], sizedLike: [] }, bitsPerWeight: new Map() };
const facts = { license: 'mit', formats: ['gguf'], needs: [8, null] };

function entry(id: string, license = 'mit', allowed = true) {
  return {
    id,
    row: 'r',
    downloads: 1,
    listed: JSON.stringify({ ...facts, license }),
    pending: '',
    facts: '{}',
    allowed,
  };
}

it('models on the allowlist arrive as they were sent, and those with equal facts hold one object', () => {
  const sent = [
    sendListed([entry('o/a'), entry('o/refused', 'mit', false), entry('o/b', 'apache-2.0')], sizing),
    sendListed([entry('o/c')], sizing),
  ];
  const [a, b, c] = receiveListed(sent);
  expect(a).toEqual({ id: 'o/a', row: 'r', downloads: 1, facts });
  expect(b?.facts.license).toBe('apache-2.0');
  expect(c?.id).toBe('o/c');
  expect(c?.facts).toBe(a?.facts);
});
