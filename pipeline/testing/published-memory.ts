/** Well-known models with the memory figures that engines, vendors and their users publish. */
import type { LayerGroup } from '../extract/metadata.ts';

export interface KnownModel {
  readonly name: string;
  readonly modelType: string;
  readonly gguf: string;
  readonly parameters: number;
  readonly groups: readonly LayerGroup[];
  /** Bytes of the GGUF file that most people take, which is Q4_K_M unless `label` names another. */
  readonly ggufBytes: number;
  readonly label?: string;
  /** Bytes of the safetensors files where those are not two per weight. */
  readonly safetensorsBytes?: number;
}

const full = (layers: number, elementsPerToken: number): LayerGroup => ({
  layers,
  cache: 'full',
  elementsPerToken,
});
const windowed = (layers: number, elementsPerToken: number, window: number): LayerGroup => ({
  layers,
  cache: 'window',
  elementsPerToken,
  window,
});

/**
 * The models, with shapes from their config.json and sizes from the Hub's lists: TheBloke, bartowski, ggml-org and Qwen.
 */
export const KNOWN_MODELS = {
  tinyllama: model('TinyLlama 1.1B', 'llama', 1_100_048_384, [full(22, 512)], 668_788_096),
  llama3b: model('Llama 3.2 3B', 'llama', 3_212_749_824, [full(28, 2048)], 2_019_377_696),
  phi: model('Phi-3.5 mini', 'phi3', 3_821_079_552, [full(32, 6144)], 2_393_232_672),
  qwen4b: model('Qwen3 4B', 'qwen3', 4_022_468_096, [full(36, 2048)], 2_497_280_256),
  mistral: {
    ...model('Mistral 7B v0.2', 'mistral', 7_241_732_096, [full(32, 2048)], 4_368_439_584),
    gguf: 'llama',
  },
  qwen7b: model('Qwen2.5 7B', 'qwen2', 7_615_616_512, [full(28, 1024)], 4_683_073_952),
  llama8b: model('Llama 3.1 8B', 'llama', 8_030_261_248, [full(32, 2048)], 4_920_739_232),
  gemma: model(
    'Gemma 3 12B',
    'gemma3',
    11_765_788_416,
    [windowed(40, 4096, 1024), full(8, 4096)],
    7_300_574_976,
  ),
  qwen14b: model('Qwen2.5 14B', 'qwen2', 14_770_033_664, [full(48, 2048)], 8_988_110_976),
  gptoss: {
    ...model(
      'gpt-oss 20B',
      'gpt_oss',
      20_914_757_184,
      [windowed(12, 1024, 128), full(12, 1024)],
      12_109_565_632,
    ),
    gguf: 'gpt-oss',
    label: 'MXFP4',
    safetensorsBytes: 13_761_264_768,
  },
  qwen32b: model('Qwen2.5 32B', 'qwen2', 32_763_876_352, [full(64, 2048)], 19_851_336_576),
  llama70b: model('Llama 3.3 70B', 'llama', 70_553_706_496, [full(80, 2048)], 42_520_398_432),
} as const satisfies Readonly<Record<string, KnownModel>>;

function model(
  name: string,
  key: string,
  parameters: number,
  groups: readonly LayerGroup[],
  ggufBytes: number,
): KnownModel {
  return { name, modelType: key, gguf: key, parameters, groups, ggufBytes };
}

/** One published figure. */
export interface Published {
  readonly model: keyof typeof KNOWN_MODELS;
  readonly worker: string;
  /** The variant that the figure is about, and the size of its files. */
  readonly variant: string;
  readonly sizeBytes: number;
  readonly contextLength: number;
  /** The parts of memory that the figure counts. */
  readonly of: 'all' | 'weights' | 'cache' | 'weights and overhead';
  readonly bytes: number;
  readonly source: string;
  /** The largest error that is accepted; a worse one must be looked at. */
  readonly within: number;
}

const GIB = 2 ** 30;
const MIB = 2 ** 20;

export const PUBLISHED: readonly Published[] = [
  {
    model: 'llama3b',
    worker: 'ollama-cuda',
    variant: 'gguf:Q4_K_M',
    sizeBytes: 2_019_377_696,
    contextLength: 4096,
    of: 'all',
    bytes: 3.3e9,
    source: 'ollama ps, as dev.to/mrsaynothing shows it; the default context is assumed',
    within: 0.05,
  },
  {
    model: 'qwen4b',
    worker: 'ollama-cuda',
    variant: 'gguf:Q4_K_M',
    sizeBytes: 2_497_280_256,
    contextLength: 4096,
    of: 'all',
    bytes: 4.1 * GIB,
    source: 'log of Ollama (memory.required.full), r/ollama 1kwiff1',
    within: 0.15,
  },
  {
    model: 'llama8b',
    worker: 'ollama-cuda',
    variant: 'gguf:Q4_K_M',
    sizeBytes: 4_920_739_232,
    contextLength: 4096,
    of: 'all',
    bytes: 6.5e9,
    source: 'ollama ps, ollama/ollama issue 10801; the default context is assumed',
    within: 0.06,
  },
  {
    model: 'gemma',
    worker: 'ollama-cuda',
    variant: 'gguf:Q4_K_M',
    sizeBytes: 7_300_574_976,
    contextLength: 8192,
    of: 'cache',
    bytes: 992 * MIB,
    source: 'log of Ollama (memory.required.kv), ollama/ollama pull request 12000',
    within: 0.001,
  },
  {
    model: 'gemma',
    worker: 'ollama-cuda',
    variant: 'gguf:Q4_K_M',
    sizeBytes: 7_300_574_976,
    contextLength: 8192,
    of: 'all',
    bytes: 11.4 * GIB - 795.9 * MIB - GIB,
    source: 'the same, memory.required.full without the projector',
    within: 0.15,
  },
  {
    model: 'qwen14b',
    worker: 'ollama-cuda',
    variant: 'gguf:F16',
    sizeBytes: 2 * 14_770_033_664,
    contextLength: 2048,
    of: 'all',
    bytes: 28.3 * GIB,
    source: 'log of Ollama (memory.required.full), ollama/ollama issue 9245',
    within: 0.03,
  },
  {
    model: 'llama70b',
    worker: 'ollama-cuda',
    variant: 'gguf:Q4_0',
    sizeBytes: 39_969_734_400,
    contextLength: 2048,
    of: 'all',
    bytes: 42e9,
    source: 'ollama/ollama docs/faq.md, ollama ps of llama3:70b; quoted from memory',
    within: 0.03,
  },
  {
    model: 'mistral',
    worker: 'llama.cpp-cuda',
    variant: 'gguf:Q4_K_M',
    sizeBytes: 4_368_439_584,
    contextLength: 32_768,
    of: 'cache',
    bytes: 4096 * MIB,
    source: 'log of llama.cpp, fedora-copr/logdetective pull request 106',
    within: 0.001,
  },
  {
    model: 'llama8b',
    worker: 'vllm-cuda',
    variant: 'safetensors:BF16',
    sizeBytes: 2 * 8_030_261_248,
    contextLength: 128_000,
    of: 'cache',
    bytes: 15.62 * GIB,
    source: 'huggingface.co/blog/llama31, by huggingface/blog issue 2345',
    within: 0.001,
  },
  {
    model: 'llama8b',
    worker: 'vllm-cuda',
    variant: 'safetensors:BF16',
    sizeBytes: 2 * 8_030_261_248,
    contextLength: 8192,
    of: 'weights and overhead',
    bytes: (14.96 + 1.79 + 1.26) * GIB,
    source: 'log of vLLM, vllm-project/vllm pull request 10511',
    within: 0.07,
  },
  {
    model: 'qwen7b',
    worker: 'vllm-cuda',
    variant: 'safetensors:awq',
    sizeBytes: 5_570_000_000,
    contextLength: 4096,
    of: 'weights and overhead',
    bytes: (5.2 + 0.03 + 1.42) * GIB,
    source: 'log of vLLM, vllm-project/vllm issue 13882',
    within: 0.1,
  },
  {
    model: 'gptoss',
    worker: 'vllm-cuda',
    variant: 'safetensors:mxfp4',
    sizeBytes: 13_761_264_768,
    contextLength: 8192,
    of: 'weights',
    bytes: 13.72 * GIB,
    source: 'log of vLLM, myoceane.fr/index.php/ai-vllm-a100-gemma-4',
    within: 0.08,
  },
  {
    model: 'qwen32b',
    worker: 'vllm-cuda',
    variant: 'safetensors:BF16',
    sizeBytes: 2 * 32_763_876_352,
    contextLength: 8192,
    of: 'weights',
    bytes: 2 * 30.7098 * GIB,
    source: 'log of vLLM on two cards, vllm-project/vllm issue 15815',
    within: 0.01,
  },
  {
    model: 'llama8b',
    worker: 'webllm-webgpu',
    variant: 'mlc:q4f16_1',
    sizeBytes: Math.round((8_030_261_248 * 4.5) / 8),
    contextLength: 4096,
    of: 'all',
    bytes: 5001e6,
    source: 'mlc-ai/web-llm src/config.ts, vram_required_MB',
    within: 0.02,
  },
  {
    model: 'phi',
    worker: 'webllm-webgpu',
    variant: 'mlc:q4f16_1',
    sizeBytes: Math.round((3_821_079_552 * 4.5) / 8),
    contextLength: 4096,
    of: 'all',
    bytes: 3672.07e6,
    source: 'mlc-ai/web-llm src/config.ts, vram_required_MB',
    within: 0.03,
  },
];
