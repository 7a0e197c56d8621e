import { expect, test } from 'bun:test';
import { fakeWire, type FakeAnswer } from '../../../../test/kit/fake-wire.ts';
import { ask, bodyOf, failing } from '../../../../test/kit/resource-calls.ts';
import { Secret, type Target } from '../../types/index.ts';
import { credentialHeaders } from '../credentials.ts';
import { createAzureAi } from './index.ts';
import { azureSearch as stores } from './resources-search.ts';

const provider = createAzureAi();
const root = 'https://mine.search.windows.net';
const open = (answers: readonly FakeAnswer[], target: Partial<Target> = { baseUrl: `${root}/` }) => fakeWire(answers, { provider, target });

test('an index is searched by words, and by their meaning where a field is named', async () => {
  const document = { id: 'd-1', content: 'one', title: 'a.pdf', year: 2020, contentVector: [1, 2], '@search.score': 0.9 };
  const target = { options: { azure_search_service_name: 'mine', azure_search_vector_field: 'contentVector' } };
  const { wire, calls } = open(
    [{ json: { value: [document, { chunk_id: 'c', chunk: 'two', '@search.rerankerScore': 2 }] } }, { json: {} }],
    target,
  );
  const filters = {
    type: 'and',
    filters: [
      { type: 'gte', key: 'year', value: 2020 },
      { type: 'in', key: 'kind', value: ["it's", 'b'] },
    ],
  };
  expect(
    bodyOf(await stores['POST /{}/search']!(ask({ ids: ['docs'], body: { query: 'q', max_num_results: 2, filters } }), wire)),
  ).toMatchObject({
    data: [
      {
        file_id: 'd-1',
        filename: 'a.pdf',
        score: 0.9,
        attributes: { id: 'd-1', title: 'a.pdf', year: 2020 },
        content: [{ type: 'text', text: 'one' }],
      },
      { file_id: 'c', score: 2, content: [{ text: 'two' }] },
    ],
  });
  expect(calls).toEqual([
    {
      url: `${root}/indexes/docs/docs/search?api-version=2024-07-01`,
      json: {
        search: 'q',
        top: 2,
        vectorQueries: [{ kind: 'text', text: 'q', fields: 'contentVector', k: 2 }],
        filter: "(year ge 2020 and (kind eq 'it''s' or kind eq 'b'))",
      },
    },
  ]);
  const plain = open([{ json: {} }]);
  await stores['POST /{}/search']!(ask({ ids: ['docs'], body: { query: 'q', filters: "a eq 'b'" } }), plain.wire);
  expect(plain.calls[0]!.json).toEqual({ search: 'q', top: 10, filter: "a eq 'b'" });
  const wrong = { query: 'q', filters: { type: 'eq', key: "a eq 'x' or b", value: 1 } };
  expect((await failing(stores['POST /{}/search']!(ask({ ids: ['docs'], body: wrong }), plain.wire))).param).toBe('filters');
});

test('indexes are listed and looked at', async () => {
  const { wire, calls } = open([{ json: { value: [{ name: 'docs' }] } }, { json: { name: 'docs' } }]);
  expect(bodyOf(await stores['GET ']!(ask(), wire))).toMatchObject({ data: [{ id: 'docs', object: 'vector_store' }] });
  expect(bodyOf(await stores['GET /{}']!(ask({ ids: ['docs'] }), wire))).toMatchObject({ id: 'docs', name: 'docs' });
  expect(calls.map(({ url }) => url)).toEqual([
    `${root}/indexes?api-version=2024-07-01&%24select=name`,
    `${root}/indexes/docs?api-version=2024-07-01`,
  ]);
});

test.each([root, 'http://127.0.0.1:9'])('its keys go into a header of their own: %s', async (base) => {
  const target: Target = { provider, model: '-', baseUrl: base, apiKey: new Secret('k') };
  const url = `${base}/indexes/docs/docs/search?api-version=2024-07-01`;
  expect(await credentialHeaders(target, { method: 'POST', url, body: '' })).toEqual({ 'api-key': 'k' });
});
