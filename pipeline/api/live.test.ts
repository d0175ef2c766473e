import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  extractMetadataFromHf,
  getCompatibleWorkersForModel,
  listHuggingFaceModels,
  searchHuggingFaceModels,
  UnavailableError,
} from '../index.ts';
import { MiniHub, miniRecord } from '../testing/mini-hub.ts';

let hub: MiniHub;
beforeEach(async () => {
  hub = await MiniHub.start([]);
});
afterEach(() => hub.stop());

const llama = (n: number, modelType = 'llama') => {
  const siblings = ['config.json', 'tokenizer.json', 'model.safetensors'].map((rfilename) => ({ rfilename }));
  return miniRecord(n, {
    gated: false,
    pipeline_tag: 'text-generation',
    config: { model_type: modelType, architectures: ['LlamaForCausalLM'] },
    safetensors: { parameters: { BF16: 1e9 }, total: 1e9 },
    siblings,
  });
};

const at = () => ({ endpoint: hub.endpoint, token: undefined, backoffMs: 1 });

/** Makes the Hub answer a path with this status, body and headers. */
function answerWith(path: string, status: number, body: unknown, headers = {}): void {
  hub.intercept = (url, answer) => {
    if (url.pathname !== path) return false;
    answer(status, JSON.stringify(body), headers);
    return true;
  };
}

describe('one model of the Hub', () => {
  it('is read with its config.json, and the workers that run it are listed, the best first', async () => {
    const record = llama(1);
    hub.records = [record];
    hub.intercept = (url, answer) => {
      if (url.pathname === '/api/models/o/m1') answer(200, JSON.stringify(record));
      else if (url.pathname.endsWith('/config.json')) answer(200, '{"max_position_embeddings": 4096}');
      else return false;
      return true;
    };
    const model = await extractMetadataFromHf('o/m1', at());
    expect(model.contextLength).toEqual({ value: 4_096, source: 'config' });
    const workers = await getCompatibleWorkersForModel('o/m1', at());
    expect(workers[0]?.verdict.confidence).toBe('high');
    expect(workers.map(({ worker }) => worker.id)).toContain('llm-worker-rbee-cpu');
  });

  it.each<[string, number, unknown, string, RegExp]>([
    ['is missing', 401, {}, 'missing', /no such repository, or it is private\. Check the spelling/],
    ['is disabled', 403, {}, 'disabled', /has disabled this repository/],
    ['is renamed', 200, { id: 'o/new', sha: 'x' }, 'renamed', /it is called o\/new now\. Ask for that id/],
  ])('that %s gives an error with the reason and what to do', async (_, status, body, reason, message) => {
    answerWith('/api/models/o/m1', status, body);
    const error = await extractMetadataFromHf('o/m1', at()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ repoId: 'o/m1', reason, message: expect.stringMatching(message) });
  });

  it('that is gated is judged by its listing, and says so', async () => {
    hub.intercept = (url, answer) => {
      if (url.pathname.endsWith('/config.json')) answer(401, '', { 'x-error-code': 'GatedRepo' });
      else answer(200, JSON.stringify({ ...llama(1), gated: 'manual' }));
      return true;
    };
    const workers = await getCompatibleWorkersForModel('o/m1', at());
    expect(workers[0]?.verdict.warnings.join()).toContain('This repository is gated: ask its owner');
  });
});

describe('models of the Hub', () => {
  it('are paged through until enough of them run', async () => {
    hub.records = Array.from({ length: 1_200 }, (_, n) => llama(n, n % 400 === 7 ? 'llama' : 'unheard_of'));
    const found = await listHuggingFaceModels({ ...at(), limit: 3 });
    expect(found.map(({ model }) => model.id).sort()).toEqual(['o/m407', 'o/m7', 'o/m807']);
    expect(found[0]?.workers.length).toBeGreaterThan(0);
    expect(hub.takeAsked()).toHaveLength(2);
    const all = await listHuggingFaceModels({ ...at(), limit: 5, onlyCompatible: false, sort: 'likes' });
    expect(all).toHaveLength(5);
    expect(hub.asked[0]?.searchParams.get('sort')).toBe('likes');
  });

  it('are fewer where the listing ends', async () => {
    hub.records = [llama(1), llama(2, 'unheard_of')];
    expect(await listHuggingFaceModels({ ...at(), limit: 50 })).toHaveLength(1);
  });

  it('are searched by words', async () => {
    hub.records = [llama(1)];
    await searchHuggingFaceModels('llama 3', at());
    expect(hub.asked[0]?.searchParams.getAll('search')).toEqual(['llama', '3']);
  });
});
