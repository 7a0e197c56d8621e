import { expect, test } from 'bun:test';
import { providers, withProviders, type JsonObject } from 'sluice/kit';
import type { Live } from '../../pipeline/live.ts';
import { listEndpoints, listProviderFields, listProviders } from './providers.ts';

const live = { providers } as Live;

test('the names before the slash, as LiteLLM has them', () => {
  const names = listProviders(live, '') as string[];
  expect(names).toContain('openai');
  expect(names).toContain('together_ai');
  expect(names.length).toBeGreaterThan(120);
});

test('what is known of each, with the marks of its proofs', () => {
  const details = listProviders(live, 'details=true') as { provider: string; endpoints: Record<string, string>; source: string }[];
  const openai = details.find(({ provider }) => provider === 'openai')!;
  expect(openai).toMatchObject({ base_url: 'https://api.openai.com/v1', key_variables: ['OPENAI_API_KEY'] });
  expect(Object.keys(openai.endpoints)).toEqual(expect.arrayContaining(['chat', 'embeddings', 'image-generation', 'files']));
  for (const { provider, endpoints, source } of details) {
    expect(`${provider}: ${Object.keys(endpoints).length > 0}, ${/\d{4}-\d\d-\d\d/.test(source)}`).toBe(`${provider}: true, true`);
    expect(Object.values(endpoints).every((mark) => ['recordings', 'specification', 'mock'].includes(mark))).toBe(true);
  }
});

test('what a form asks for', () => {
  const fields = listProviderFields(live) as { provider: string; credential_fields: JsonObject[] }[];
  const of = (name: string) => fields.find(({ provider }) => provider === name)!.credential_fields;
  expect(of('openai')[0]).toMatchObject({ key: 'api_key', field_type: 'password', required: true });
  expect(of('azure').map(({ key }) => key)).toEqual(expect.arrayContaining(['api_base', 'tenant_id', 'client_secret']));
  expect(of('azure').find(({ key }) => key === 'client_secret')).toMatchObject({ field_type: 'password' });
});

test('who serves what: chat in any format is chat in all', () => {
  const { endpoints } = listEndpoints(live) as { endpoints: { key: string; endpoint: string; providers: { slug: string }[] }[] };
  const slugs = (key: string) => endpoints.find((each) => each.key === key)!.providers.map(({ slug }) => slug);
  expect(slugs('chat')).toContain('anthropic');
  expect(slugs('messages')).toContain('openai');
  expect(slugs('speech')).toContain('elevenlabs');
  expect(slugs('speech')).not.toContain('anthropic');
  expect(slugs('search')).toContain('tavily');
});

test('what anybody may ask is made once for a configuration', () => {
  expect(listEndpoints(live)).toBe(listEndpoints({ providers } as Live));
  expect(listProviderFields(live)).toBe(listProviderFields(live));
  expect(listProviders(live, 'details=true')).toBe(listProviders(live, 'details=true'));
});

test('where an operator’s own vendor is, is nothing for everybody', () => {
  const base = 'http://10.1.2.3:8000/v1?token=canary';
  const groq = providers.find('groq')!;
  const own = {
    providers: withProviders(providers, [
      { ...groq, id: 'corp', baseUrl: base },
      { ...groq, baseUrl: base },
    ]),
  } as Live;
  for (const told of [listProviders(own, 'details=true'), listProviderFields(own), listEndpoints(own)]) {
    expect(JSON.stringify(told)).toContain('"corp"');
    expect(JSON.stringify(told)).not.toContain('10.1.2.3');
  }
});
