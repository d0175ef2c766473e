import { describe, expect, it } from 'vitest';
import { loadData } from './check-data/data.ts';
import { describe as inWords, RULES } from './check-data.ts';

const data = await loadData();
const edit = <T>(value: T, change: (copy: T) => void): T => {
  const copy = structuredClone(value);
  change(copy);
  return copy;
};

describe('the rules over data/', () => {
  it('find nothing in the data as it is', () => {
    expect(
      Object.values(RULES)
        .flatMap((rule) => rule(data))
        .map(inWords),
    ).toEqual([]);
  });

  it('find a claim without a source', () => {
    const programs = edit(data.programs, (all) => Object.assign(all[0]?.file.facts ?? {}, { from: 'TODO' }));
    expect(RULES.sources({ ...data, programs }).map(inWords)[0]).toMatch(
      /facts\.from: found the source "TODO"; name the file/,
    );
  });

  it('find a label and an architecture that no table knows', () => {
    const programs = edit(data.programs, (all) => {
      const accept = all.find(({ file }) => file.program === 'llm-worker-rbee')?.file.accepts[1];
      accept?.quantizations.push('Q99_Z');
      accept?.match.names.push('lama');
    });
    expect(RULES.knownNames({ ...data, programs }).map(({ found }) => found)).toEqual([
      'the label Q99_Z',
      'the GGUF architecture lama',
    ]);
  });

  it('find an alias that leads to an alias', () => {
    const quantizations = edit(data.quantizations, ({ gguf }) =>
      Object.assign(gguf.aliases, { A: 'B', B: 'A' }),
    );
    expect(RULES.aliases({ ...data, quantizations }).map(({ field }) => field)).toEqual([
      'gguf.aliases.A',
      'gguf.aliases.B',
    ]);
  });

  it('find a run that the rules refuse, or of a worker that is not there', () => {
    const run = data.evidence.find(({ file }) => file.program === 'llm-worker-rbee')?.file.runs[0];
    if (run === undefined) throw new Error('no run');
    const path = 'data/evidence/x.json';
    const runs = [
      { ...run, model: 'Qwen/Qwen3-8B' },
      { ...run, backend: 'webgpu' as const },
      { ...run, format: 'onnx' as const },
    ];
    const evidence = [{ path, file: { program: 'llm-worker-rbee', runs } }];
    expect(RULES.evidence({ ...data, evidence }).map(({ found }) => found)).toEqual([
      expect.stringMatching(/^a model that llm-worker-rbee-cpu refuses: /),
      'the worker llm-worker-rbee-webgpu',
      'the format onnx, which llm-worker-rbee-cpu does not accept',
    ]);
  });

  it('find an issue of another version', () => {
    const issues = edit(data.issues, (all) =>
      Object.assign(all[0]?.file.issues[0] ?? {}, { version: '0.0.9' }),
    );
    expect(RULES.issueVersions({ ...data, issues })[0]?.found).toBe('0.0.9, while the program is at 0.1.0');
  });

  it('find an exception that is none', () => {
    const architectures = edit(data.architectures, ({ classKinds }) =>
      classKinds.other?.push('NewForMaskedLM'),
    );
    expect(RULES.exceptions({ ...data, architectures }).map(({ found }) => found)).toEqual([
      'NewForMaskedLM, whose name already says so',
    ]);
  });

  it('find a backend that lacks what nobody has', () => {
    const programs = edit(data.programs, (all) =>
      all
        .find(({ file }) => file.program === 'llm-worker-rbee')
        ?.file.backends[0]?.lacksQuantizations.push('awq'),
    );
    expect(RULES.claims({ ...data, programs })[0]?.found).toBe(
      'awq, which the program does not read on any backend',
    );
  });
});
