import { expect, test } from 'bun:test';
import { createBatch, createFile, fileContent, listFiles, retrieveBatch, searchVectorStore } from '../index.ts';

const answered = (...answers: Response[]) => {
  const seen: { method: string; url: string; headers: Headers; body: Blob }[] = [];
  const fetch = async (url: string, init: RequestInit) => {
    const body = await new Response(init.body as BodyInit | null).blob();
    seen.push({ method: init.method!, url, headers: new Headers(init.headers), body });
    return answers[seen.length - 1]!;
  };
  return { seen, options: { fetch, env: { OPENAI_API_KEY: 'sk-key' }, maxRetries: 0 } };
};

test('a file, a batch of it, and what came out', async () => {
  const { seen, options } = answered(
    Response.json({ id: 'file-1', object: 'file' }),
    Response.json({ id: 'batch_1', status: 'validating' }),
    Response.json({ id: 'batch_1', status: 'completed', output_file_id: 'file-2' }),
    new Response('{"custom_id":"1"}\n'),
  );
  const file = await createFile({
    provider: 'openai',
    file: { bytes: new TextEncoder().encode('{}'), name: 'in.jsonl' },
    purpose: 'batch',
    ...options,
  });
  const made = await createBatch({
    provider: 'openai',
    input_file_id: file.id,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
    ...options,
  });
  const batch = await retrieveBatch({ provider: 'openai', id: made.id, ...options });
  const content = await fileContent({ provider: 'openai', id: batch.output_file_id!, ...options });
  expect(new TextDecoder().decode(await content.bytes())).toBe('{"custom_id":"1"}\n');
  expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'POST https://api.openai.com/v1/files',
    'POST https://api.openai.com/v1/batches',
    'GET https://api.openai.com/v1/batches/batch_1',
    'GET https://api.openai.com/v1/files/file-2/content',
  ]);
  const form = await new Response(seen[0]!.body, { headers: { 'content-type': seen[0]!.headers.get('content-type')! } }).formData();
  expect([form.get('purpose'), (form.get('file') as File).name, await (form.get('file') as File).text()]).toEqual([
    'batch',
    'in.jsonl',
    '{}',
  ]);
  expect(JSON.parse(await seen[1]!.body.text())).toEqual({
    input_file_id: 'file-1',
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
  });
});

test('lists take parameters, stores are searched, and who keeps nothing says so', async () => {
  const { seen, options } = answered(Response.json({ object: 'list', data: [] }), Response.json({ data: [] }));
  await listFiles({ provider: 'openai', purpose: 'batch', limit: 2, ...options });
  await searchVectorStore({ provider: 'openai', id: 'vs/1', query: 'x', ...options });
  expect(seen.map(({ url }) => url)).toEqual([
    'https://api.openai.com/v1/files?purpose=batch&limit=2',
    'https://api.openai.com/v1/vector_stores/vs%2F1/search',
  ]);
  expect(JSON.parse(await seen[1]!.body.text())).toEqual({ query: 'x' });
  await expect(listFiles({ provider: 'deepseek', apiKey: 'k', ...options })).rejects.toThrow('DeepSeek keeps no files here.');
});
