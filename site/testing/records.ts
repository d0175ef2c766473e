/** Records that try to break the site: ids that disks and hosts mangle, and strings that would be markup. */
export const HOSTILE_LICENSE = '<script>alert(1)</script>';
const HOSTILE_FILE = "a'$(touch x)`<img src=x onerror=alert(1)>.Q4_K_M.gguf";

export const llama = (id: string, rest: object = {}) => ({
  id,
  gated: false,
  pipeline_tag: 'text-generation',
  siblings: ['config.json', 'tokenizer.json', 'model.safetensors'].map((rfilename) => ({ rfilename })),
  config: { model_type: 'llama', architectures: ['LlamaForCausalLM'] },
  safetensors: { parameters: { BF16: 1_100_048_384 }, total: 1_100_048_384 },
  ...rest,
});

export const EXTRA = [
  llama('bare-legacy'),
  llama('Case/Twin'),
  llama('case/twin'),
  llama('a/b'),
  llama('a/b.txt'),
  llama('a/b.json'),
  llama('a/v1.5.'),
  llama('hostile/license', { cardData: { license: HOSTILE_LICENSE } }),
  llama('hostile/file', {
    config: undefined,
    safetensors: undefined,
    gguf: { architecture: 'llama', context_length: 4096, total: 1e9 },
    siblings: [{ rfilename: HOSTILE_FILE }],
  }),
  llama('hostile/__proto__'),
];
