import { expect, it } from 'vitest';
import { loadWorkers } from '../data/workers.ts';
import { checkCompatibility } from '../evaluate/index.ts';
import { WORKERS_GLOB } from '../lib/paths.ts';
import { llm, modelOf } from '../testing/models.ts';
import { groupVerdicts } from './groups.ts';
import { shareRefusals } from './refusals.ts';

const workers = loadWorkers(WORKERS_GLOB).map((worker) => ({
  ...worker,
  gate: worker.program.endsWith('-rbee'),
}));
const share = (model: ReturnType<typeof modelOf>) =>
  shareRefusals(
    groupVerdicts(new Map(workers.map((one) => [one.id, checkCompatibility(model, one)])), workers),
  );

it('names engines that refuse for one reason in one sentence, and the marketplace\u2019s own apart', () => {
  const gguf = modelOf(['m-Q4_K_M.gguf'], {
    pipeline_tag: 'text-generation',
    gguf: { architecture: 'llama', total: 8e9 },
  });
  const { shared, rest } = share(gguf);
  const sentences = shared.map(({ sentence }) => sentence);
  expect(sentences).toContainEqual(expect.stringMatching(/^\d+ engines read no GGUF: ExLlamaV3, .*vLLM/));
  expect(rest.some(({ program }) => program === 'vllm')).toBe(false);
  expect(rest.some(({ program }) => program === 'sd-worker-rbee')).toBe(true);
});

it('knows the sentences of a wrong kind, a wrong architecture and a wrong quantization', () => {
  const sentences = share(
    llm('llama', 'LlamaForCausalLM', {
      config: {
        model_type: 'llama',
        architectures: ['LlamaForCausalLM'],
        quantization_config: { quant_method: 'aqlm' },
      },
    }),
  ).shared.map(({ sentence }) => sentence);
  expect(sentences).toContainEqual(expect.stringMatching(/engines do not run a text generator: /));
  expect(sentences).toContainEqual(expect.stringMatching(/engines do not read weights stored as aqlm: /));
  const odd = share(llm('oddity', 'OddityForCausalLM')).shared.map(({ sentence }) => sentence);
  expect(odd).toContainEqual(
    expect.stringMatching(/engines have no loader for the model class OddityForCausalLM: /),
  );
});
