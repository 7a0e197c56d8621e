import { describe, expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { nameRules } from '../catalog/names.ts';
import { aliases } from './aliases.ts';
import { compatible, leftOut } from './compatible/index.ts';
import { providers } from './index.ts';
import { searchProviders } from './search/index.ts';

/** Every protocol that a row may name. */
const protocols = [
  'openai-chat',
  'openai-completions',
  'openai-responses',
  'anthropic-messages',
  'gemini',
  'ollama-chat',
  'ollama-generate',
  'openai-embeddings',
  'gemini-embeddings',
  'ollama-embeddings',
  'vertex-bge-embeddings',
  'vertex-embeddings',
  'vertex-gemma',
  'vertex-rerank',
  'cohere-chat',
  'databricks-chat',
  'cohere-embeddings',
  'cohere-rerank',
  'deepinfra-rerank',
  'jina-rerank',
  'nlp-cloud-embeddings',
  'nlp-cloud-generation',
  'nvidia-rerank',
  'replicate',
  'tei-embeddings',
  'tei-rerank',
  'tgi-generate',
  'triton-embeddings',
  'triton-generate',
  'triton-infer',
  'vendor-embeddings',
  'voyage-multimodal-embeddings',
  'writer-completions',
  'bedrock-converse',
  'bedrock-embeddings',
  'gigachat-chat',
  'gigachat-embeddings',
  'sap-orchestration',
  'sap-embeddings',
  'oci-cohere',
  'oci-generic',
  'oci-embeddings',
  'oci-rerank',
  'watsonx-chat',
  'watsonx-text',
  'watsonx-embeddings',
  'watsonx-rerank',
  'bedrock-invoke',
  'sagemaker-embeddings',
  'sagemaker-generate',
];

describe('the table of providers', () => {
  test('holds what was promised', () => {
    const rows = new Set([...compatible, ...searchProviders()].map(({ id }) => id));
    // Those with a folder of their own; a row needs no word here.
    expect(providers.list.flatMap(({ id }) => (rows.has(id) ? [] : [id])).sort()).toEqual([
      'anthropic',
      'assemblyai',
      'aws_polly',
      'azure',
      'azure_ai',
      'bedrock',
      'bedrock_mantle',
      'black_forest_labs',
      'chatgpt',
      'clarifai',
      'cloudflare',
      'cohere',
      'databricks',
      'deepgram',
      'elevenlabs',
      'fal_ai',
      'gemini',
      'gigachat',
      'github_copilot',
      'gladia',
      'huggingface',
      'hume',
      'infinity',
      'jina_ai',
      'lmnt',
      'mock',
      'nlp_cloud',
      'nvidia_nim',
      'oci',
      'ollama',
      'openai',
      'predibase',
      'recraft',
      'reducto',
      'replicate',
      'revai',
      'runwayml',
      'sagemaker',
      'sagemaker_chat',
      'sagemaker_nova',
      'sap',
      'snowflake',
      'soniox',
      'stability',
      'topaz',
      'triton',
      'vertex_ai',
      'voyage',
      'watsonx',
      'writer',
    ]);
    expect(rows.size).toBeGreaterThanOrEqual(189);
  });

  test('rows are in alphabetical order', () => {
    const ids = compatible.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort());
    expect(Object.keys(aliases)).toEqual(Object.keys(aliases).sort());
  });

  test('each row is in the file of its letter', async () => {
    const folder = new URL('compatible/', import.meta.url);
    const files = readdirSync(folder).filter((name) => /^[a-z]-[a-z]\.ts$/.test(name));
    let rows = 0;
    for (const file of files) {
      const module = (await import(new URL(file, folder).pathname)) as { rows: object };
      for (const id of Object.keys(module.rows)) {
        rows++;
        expect([id, file[0]! <= id[0]! && id[0]! <= file[2]!]).toEqual([id, true]);
      }
    }
    expect(rows).toBe(compatible.length);
  });

  test('of vendors at one host the address tells which is meant', () => {
    const at = (url: string) => providers.findByBaseUrl(url)?.id;
    expect(at('https://dashscope.aliyuncs.com/compatible-mode/v1')).toBe('dashscope');
    expect(at('https://api.z.ai/api/paas/v4')).toBe('zai');
    expect(at('https://api.z.ai/api/coding/paas/v4')).toBe('zai-coding-plan');
    expect(at('https://ark.cn-beijing.volces.com')).toBe('volcengine');
    expect(at('https://127.0.0.1:8080/v1')).toBeUndefined();
  });

  test('names are unique, and other names lead somewhere', () => {
    expect(new Set(providers.prefixes).size).toBe(providers.prefixes.length);
    for (const { provider, prefer } of Object.values(aliases)) {
      expect(providers.find(provider)?.id).toBe(provider);
      if (prefer) expect(providers.find(provider)!.speaks[prefer]).toBeDefined();
    }
    for (const { provider } of nameRules) expect(providers.prefixes).toContain(provider);
  });

  test.each(providers.list.map((provider) => [provider.id, provider] as const))('%s is well-formed', (id, provider) => {
    expect(id).toMatch(/^[a-z0-9][a-z0-9_.-]*$/);
    expect(provider.label).not.toBe('');
    expect(provider.source).toMatch(/^https:\/\/\S+, \d{4}-\d{2}-\d{2}$/);
    if (provider.baseUrl !== undefined) {
      const url = new URL(provider.baseUrl);
      // Plain HTTP never leaves the machine.
      expect(url.protocol === 'https:' || url.hostname === '127.0.0.1').toBe(true);
      expect(provider.baseUrl.endsWith('/')).toBe(false);
      expect(url.search + url.hash + url.username).toBe('');
    }
    for (const name of [
      ...provider.keyEnv,
      ...(provider.baseUrlEnv ?? []),
      ...(provider.apiVersionEnv ?? []),
      ...Object.values(provider.optionsEnv ?? {}).flat(),
    ]) {
      expect(name).toMatch(/^[A-Z][A-Z0-9_]+$/);
    }
    for (const { append, strip } of [provider.baseUrlRules ?? {}]) {
      for (const each of [...(append === undefined ? [] : [append]), ...(strip ?? [])]) expect(each).toMatch(/^\/.*[^/]$/);
    }
    // Some do nothing but search, make images, or keep things.
    const does = [provider.speaks, provider.operations ?? {}, provider.resources ?? {}].flatMap(Object.keys);
    expect(does.length).toBeGreaterThan(0);
    for (const { protocol, path, streamPath } of Object.values(provider.speaks)) {
      expect(protocols).toContain(protocol);
      for (const each of [path, streamPath ?? path]) {
        expect(each).toStartWith('/');
        // FP-26: no credential has a place in a URL.
        expect(each).not.toMatch(/[?&](?:key|api[-_]?key|token)=/i);
      }
    }
    for (const served of Object.values(provider.operations ?? {})) {
      if (typeof served !== 'object') continue;
      expect(served.protocol).toMatch(/^(?:openai-(?:audio|images|moderations|videos)|mistral-ocr|perplexity-search)$/);
      expect(served.path).toMatch(/^\/[^?]*[^/]$/);
    }
    for (const endpoint of provider.chatOrder ?? []) expect(provider.speaks[endpoint]).toBeDefined();
    const lacking = provider.quirks?.lacks ?? [];
    expect(lacking).toEqual([...lacking].sort());
  });

  test("a key is demanded of every vendor that is not on one's own machine", () => {
    for (const { id, auth, keyEnv, keyOptional, baseUrl } of providers.list) {
      if (auth.kind === 'none' || keyOptional) continue;
      expect([id, keyEnv.length > 0]).toEqual([id, true]);
      expect(baseUrl?.startsWith('http:') ?? false).toBe(false);
    }
  });

  test('a change of one row changes no other', () => {
    const [first, second] = compatible;
    expect(first!.speaks).not.toBe(second!.speaks);
  });
});

describe('what is told of the table elsewhere', () => {
  test('editors complete every name', () => {
    const text = readFileSync(new URL('../client/models.ts', import.meta.url), 'utf8');
    const union = text.slice(text.indexOf('ProviderPrefix ='), text.indexOf('type KnownModel'));
    const own = [...union.matchAll(/\| '([^']+)'/g)].map(([, name]) => name!);
    const made = readFileSync(new URL('../client/compatible-prefix.ts', import.meta.url), 'utf8');
    const rows = [...made.matchAll(/\| '([^']+)'/g)].map(([, name]) => name!);
    expect([...own, ...rows].toSorted(), 'npm run docs').toEqual(providers.prefixes.toSorted());
  });

  test('who is left out is not here, and has a reason', () => {
    for (const [name, reason] of Object.entries(leftOut)) {
      expect([name, providers.find(name)]).toEqual([name, undefined]);
      expect(reason.length).toBeGreaterThan(20);
    }
    expect(Object.keys(leftOut)).toEqual(Object.keys(leftOut).toSorted());
  });
});
