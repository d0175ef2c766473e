import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modelOf } from '../testing/models.ts';

const variants = (...files: string[]) => modelOf(files).variants;
const ids = (...files: string[]) => variants(...files).map(({ id }) => id);

describe('groupVariants', () => {
  it('makes a variant of every GGUF file and sets helpers apart', () => {
    expect(
      ids('m-Q4_K_M.gguf', 'm-Q8_0.gguf', 'mmproj-model-f16.gguf', 'm.imatrix.gguf', 'mtp-m-Q8_0.gguf'),
    ).toEqual(['gguf:Q4_K_M', 'gguf:Q8_0']);
  });

  it.each([
    [['m-Q8_0-00001-of-00003.gguf', 'm-Q8_0-00002-of-00003.gguf', 'm-Q8_0-00003-of-00003.gguf'], 3, 0],
    [['m-Q8_0-00001-of-00003.gguf', 'm-Q8_0-00003-of-00003.gguf'], 3, 1],
    [['m.Q8_0.gguf.part1of2', 'm.Q8_0.gguf.part2of2'], 2, 0],
    [['m.Q8_0.gguf-split-a', 'm.Q8_0.gguf-split-b'], 2, 0],
    [['Q8_0/m-00001-of-00002.gguf', 'Q8_0/m-00002-of-00002.gguf'], 2, 0],
  ])('joins %j', (files, weightShards, missingShards) => {
    expect(variants(...files)).toMatchObject([{ id: 'gguf:Q8_0', weightShards, missingShards }]);
  });

  it('counts five and six digits, hyphens and underscores alike', () => {
    const names = ['model-00001-of-000002.safetensors', 'model-00002-of-000002.safetensors'];
    expect(variants('config.json', ...names)).toMatchObject([{ weightShards: 2, missingShards: 0 }]);
    expect(variants('config.json', 'model_00001-of-00002.safetensors')).toMatchObject([
      { weightShards: 2, missingShards: 1 },
    ]);
    // openai/gpt-oss-20b numbers its three parts from 0 "of 2".
    const fromZero = ['0', '1', '2'].map((n) => `model-0000${n}-of-00002.safetensors`);
    expect(variants('config.json', ...fromZero)).toMatchObject([{ weightShards: 3, missingShards: 0 }]);
  });

  it('does not count consolidated and original twins twice', () => {
    const mistral = variants('config.json', 'consolidated.safetensors', 'model.safetensors');
    expect(mistral.map(({ files }) => files)).toEqual([['model.safetensors']]);
    const meta = variants('config.json', 'model.safetensors', 'original/consolidated.00.pth');
    expect(meta).toHaveLength(1);
  });

  it('keeps a file and its cut twin apart, and other models beside the default one', () => {
    const cut = ['m-Q8_0-00001-of-00002.gguf', 'm-Q8_0-00002-of-00002.gguf'];
    expect(variants('m-Q8_0.gguf', ...cut).map(({ weightShards }) => weightShards)).toEqual([2, 1]);
    expect(variants('config.json', 'model.safetensors', 'open_clip_model.safetensors')).toHaveLength(2);
    expect(variants('config.json', 'model.safetensors', 'mtp.safetensors')).toHaveLength(1);
    expect(variants('config.json', 'model.safetensors', 'model.fp32.safetensors')).toHaveLength(2);
  });

  it('sets helpers apart, but not whole models that are named like one', () => {
    expect(
      ids('m-Q4_K_M.gguf', 'dflash-m-BF16.gguf', 'vocoder-m-F16.gguf', 'm-draft.gguf', 'imatrix.gguf'),
    ).toEqual(['gguf:Q4_K_M']);
    expect(ids('m.Q4_K.imatrix.gguf')).toEqual(['gguf:Q4_K_M']);
    expect(ids('m-NEO-IMATRIX-MAX.Q4_K_M.gguf')).toEqual(['gguf:Q4_K_M']);
    expect(ids('m-DRAFT-0.5B-Q8_0.gguf')).toEqual(['gguf:Q8_0']);
    expect(
      ids('config.json', 'model.safetensors', 'checkpoint-500/model.safetensors', 'voices/a.safetensors'),
    ).toHaveLength(1);
  });

  it('joins the folders of a diffusers pipeline by precision', () => {
    const parts = ['unet', 'vae'].flatMap((part) => [
      `${part}/model.safetensors`,
      `${part}/model.fp16.safetensors`,
    ]);
    expect(variants('model_index.json', ...parts)).toMatchObject([
      {
        id: 'safetensors:F16',
        layout: 'diffusers',
        files: ['unet/model.fp16.safetensors', 'vae/model.fp16.safetensors'],
      },
      { id: 'safetensors:float', layout: 'diffusers' },
    ]);
  });

  it.each([
    [
      'a part number beyond the total',
      ['model-00001-of-00002.safetensors', 'model-00003-of-00002.safetensors'],
    ],
    ['a gap behind a part 0', ['model-00000-of-00002.safetensors', 'model-00002-of-00002.safetensors']],
    ['capitals', ['model-00001-OF-00002.safetensors']],
    ['short numbers', ['model-1-of-2.safetensors']],
    ['one part of a cut GGUF', ['m.Q4_K_M.gguf.part-a']],
    ['a part before the extension', ['m.Q4_K_M.part1of2.gguf']],
  ])('sees that parts are missing with %s', (_, files) => {
    expect(variants('config.json', ...files)[0]?.missingShards).toBeGreaterThan(0);
  });

  it('takes no pointer, optimizer, value head, adapter or impossible path for weights', () => {
    const names = [
      'optimizer.safetensors',
      'value_head.safetensors',
      'my_lora.safetensors',
      '/model.safetensors',
      'a/../b.gguf',
      'm\n.gguf',
      'MODEL.SAFETENSORS',
    ];
    expect(variants('config.json', ...names)).toEqual([]);
    expect(modelOf([], { siblings: [{ rfilename: 'model.safetensors', size: 134 }] }).variants).toEqual([]);
  });

  it('takes a LoRA for no model unless a quantization proves one', () => {
    expect(ids('lora-hermes-f16.gguf')).toEqual([]);
    expect(ids('llama-2-13b-guanaco-qlora.Q5_K_S.gguf')).toEqual(['gguf:Q5_K_S']);
  });

  it('adds sizes up, and does not know them when one is missing', () => {
    const sized = (sizes: (number | undefined)[]) =>
      modelOf([], {
        siblings: sizes.map((size, at) => ({
          rfilename: `m-Q8_0-0000${at + 1}-of-00002.gguf`,
          ...(size ? { size } : {}),
        })),
      }).variants[0]?.sizeBytes;
    expect(sized([10_000, 20_000])).toBe(30_000);
    expect(sized([10_000, undefined])).toBe('unknown');
  });

  it('neither loses nor doubles a file', () => {
    const name = fc.stringMatching(
      /^(?:[a-z]{1,3}\/)?[a-z]{1,3}(?:-Q[48]_0)?(?:-0000[12]-of-0000[23])?\.(?:gguf|safetensors|bin|onnx)$/,
    );
    fc.assert(
      fc.property(fc.uniqueArray(name), fc.boolean(), (files, config) => {
        const grouped = modelOf(config ? [...files, 'config.json'] : files).variants.flatMap(
          (variant) => variant.files,
        );
        expect([...grouped].sort()).toEqual([...files].sort());
      }),
    );
  });
});
