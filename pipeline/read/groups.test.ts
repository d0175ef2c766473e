import { expect, it } from 'vitest';
import type { Verdict } from '../evaluate/verdict.ts';
import { groupVerdicts } from './groups.ts';

const verdict = (status: Verdict['status'], ...reasons: string[]): Verdict => ({
  status,
  compatible: status === 'compatible',
  confidence: status === 'compatible' ? 'low' : 'none',
  reasons,
  reasonCodes: [],
  warnings: [],
  recommendations: [],
  unlockedBy: [],
  variants: [],
  recommendedVariant: null,
});

const worker = (id: string, gate = false) => {
  const program = id.slice(0, id.lastIndexOf('-'));
  return { id, program, name: `The ${program}`, backend: 'cpu' as const, gate };
};

it('workers of one program that answer alike are shown once, and with no other program', () => {
  const yes = verdict('compatible');
  const groups = groupVerdicts(
    new Map([
      ['a-rocm', yes],
      ['a-cpu', { ...yes }],
      ['a-metal', verdict('unknown')],
      ['b-cpu', yes],
    ]),
    ['a-rocm', 'a-cpu', 'a-metal', 'b-cpu'].map((id) => worker(id)),
  );
  expect(groups.map(({ name, workers }) => [name, ...workers])).toEqual([
    ['The a', 'a-cpu', 'a-rocm'],
    ['The b', 'b-cpu'],
    ['The a', 'a-metal'],
  ]);
});

it('a gate worker makes its program the marketplace’s own, whatever it is called, and that comes first', () => {
  const groups = groupVerdicts(
    new Map([
      ['llm-worker-rbee-cpu', verdict('compatible')],
      ['own-cpu', verdict('incompatible')],
      ['own-cuda', verdict('unknown')],
    ]),
    [worker('llm-worker-rbee-cpu'), worker('own-cpu', true), worker('own-cuda')],
  );
  expect(groups.map(({ program, gate, verdict: { status } }) => [program, gate, status])).toEqual([
    ['own', true, 'unknown'],
    ['own', true, 'incompatible'],
    ['llm-worker-rbee', false, 'compatible'],
  ]);
});

it('a worker without a name is shown by its id', () => {
  expect(groupVerdicts(new Map([['x-cpu', verdict('unknown')]]), [])).toMatchObject([
    { program: 'x-cpu', name: 'x-cpu', gate: false, workers: ['x-cpu'] },
  ]);
});
