import { describe, expect, it } from 'vitest';
import { loadData, type Program } from './check-data/data.ts';
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

  const withProgram = (change: (file: Program['file']) => void) =>
    edit(data.programs, (all) => {
      const found = all.find(({ file }) => file.program === 'llm-worker-rbee');
      if (found !== undefined) change(found.file);
    });

  it('find a misspelt architecture, with the nearest that is known', () => {
    const programs = withProgram(({ accepts }) => {
      accepts[0]?.match?.names.push('lama');
      accepts[1]?.match?.names.push('qwen22');
    });
    expect(RULES.knownNames({ ...data, programs }).map(({ found }) => found)).toEqual([
      'the model_type lama, which nobody else knows (the nearest known name is llama)',
      'the GGUF architecture qwen22, which nobody else knows (the nearest known name is qwen2)',
    ]);
  });

  it('find a label in the wrong case, and one that its format never has', () => {
    const programs = withProgram(({ accepts }) => {
      accepts[0]?.quantizations?.push('FP8', 'Q4_0');
      accepts[1]?.quantizations?.push('q4_k_m');
    });
    expect(RULES.knownNames({ ...data, programs }).map(({ found }) => found)).toEqual([
      'the label FP8, which no file in the format safetensors has (write fp8)',
      'the label Q4_0, which no file in the format safetensors has',
      'the label q4_k_m, which no file in the format gguf has (write Q4_K_M)',
    ]);
  });

  it('find a way in that does not say where its names can be read', () => {
    const programs = withProgram(({ accepts }) => {
      const [first] = accepts;
      if (first !== undefined) first.sources = first.sources.filter(({ what }) => what !== 'match');
    });
    expect(RULES.sources({ ...data, programs })[0]).toMatchObject({ field: 'accepts[0].sources' });
  });

  it('count the models of the snapshot that a program does not run any more', () => {
    const counts = { ...data.counts, 'llm-worker-rbee': (data.counts['llm-worker-rbee'] ?? 0) + 31 };
    expect(RULES.fewerModels({ ...data, counts })[0]?.found).toMatch(/ 31 fewer than the \d+ before$/);
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

  it('find a run of a worker, a format, a key or a model that is not there', () => {
    const own = data.evidence.find(({ file }) => file.program === 'llm-worker-rbee');
    const [source] = own?.file.sources ?? [];
    const [run] = source?.runs ?? [];
    if (source === undefined || run === undefined) throw new Error('no run');
    const sources = [
      { ...source, runs: [{ ...run, model: 'Qwen/Qwen2.5-7B-Instruct-AWQ', key: 'qwen2' }] },
      { ...source, backends: ['webgpu' as const] },
      { ...source, format: 'onnx' as const },
      { ...source, runs: [{ ...run, key: 'lama' }] },
      { ...source, runs: [{ ...run, model: 'TinyLama/TinyLlama-1.1B-Chat-v1.0' }] },
    ];
    const evidence = [{ path: 'data/evidence/x.json', file: { program: 'llm-worker-rbee', sources } }];
    expect(RULES.evidence({ ...data, evidence }).map(({ found }) => found)).toEqual([
      expect.stringMatching(/^a model that llm-worker-rbee-cpu refuses: /),
      'the worker llm-worker-rbee-webgpu',
      'the format onnx, which llm-worker-rbee does not accept',
      'the key lama, which llm-worker-rbee does not match as safetensors (the nearest known name is llama)',
      'the model TinyLama/TinyLlama-1.1B-Chat-v1.0, which is not in the snapshot (TinyLlama/TinyLlama-1.1B-Chat-v1.0 is)',
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
