import { describe, expect, test } from 'bun:test';
import { fakeWire } from '../../../../test/kit/fake-wire.ts';
import { ask, bodyOf, bytesOf, failing, jsonlFile, linesOf } from '../../../../test/kit/resource-calls.ts';
import type { JsonObject } from '../../types/index.ts';
import { openaiBatches as batches, openaiFiles as files } from './resources.ts';

const batch = (more: JsonObject = {}) => ({
  id: 'msgbatch_1',
  type: 'message_batch',
  processing_status: 'in_progress',
  request_counts: { processing: 2, succeeded: 0, errored: 0, canceled: 0, expired: 0 },
  created_at: '2026-08-10T00:00:00Z',
  expires_at: '2026-08-11T00:00:00Z',
  ended_at: null,
  cancel_initiated_at: null,
  results_url: null,
  ...more,
});
const counts = (more: JsonObject) => ({ processing: 0, succeeded: 0, errored: 0, canceled: 0, expired: 0, ...more });
const results_url = 'https://api.anthropic.com/v1/messages/batches/msgbatch_1/results';

describe('batches', () => {
  test('are not made of files', async () => {
    const fake = fakeWire([]);
    expect((await failing(batches['POST ']!(ask({ body: { input_file_id: 'x' } }), fake.wire))).message).toContain('/v1/messages/batches');
    const upload = ask({ body: { purpose: 'batch' }, file: jsonlFile('{}') });
    expect((await failing(files['POST ']!(upload, fake.wire))).message).toContain('/v1/messages/batches');
    expect(fake.calls).toEqual([]);
  });

  test.each<[JsonObject, JsonObject]>([
    [{}, { status: 'in_progress', output_file_id: null, request_counts: { total: 2, completed: 0, failed: 0 }, created_at: 1786320000 }],
    [{ processing_status: 'canceling' }, { status: 'cancelling' }],
    [
      { processing_status: 'ended', ended_at: '2026-08-10T01:00:00Z', results_url, request_counts: counts({ succeeded: 1, errored: 1 }) },
      {
        status: 'completed',
        completed_at: 1786323600,
        output_file_id: 'msgbatch_1',
        request_counts: { total: 2, completed: 1, failed: 1 },
      },
    ],
    [
      { processing_status: 'ended', cancel_initiated_at: 'x', request_counts: counts({ canceled: 2 }) },
      { status: 'cancelled', output_file_id: null },
    ],
    [{ processing_status: 'ended', request_counts: counts({ expired: 2 }) }, { status: 'expired' }],
  ])('%j is %j', async (more, expected) => {
    const { wire, calls } = fakeWire([{ json: batch(more) }, { json: batch(more) }]);
    expect(bodyOf(await batches['GET /{}']!(ask({ ids: ['msgbatch_1'] }), wire))).toMatchObject(expected);
    await batches['POST /{}/cancel']!(ask({ ids: ['msgbatch_1'] }), wire);
    expect(calls).toEqual([{ url: '/v1/messages/batches/msgbatch_1' }, { method: 'POST', url: '/v1/messages/batches/msgbatch_1/cancel' }]);
  });

  test('are listed behind one of them', async () => {
    const { wire, calls } = fakeWire([
      { json: { data: [batch({ id: 'msgbatch_0' })], has_more: true, last_id: 'msgbatch_0' } },
      { json: { data: [batch()], has_more: false } },
    ]);
    expect(bodyOf(await batches['GET ']!(ask({ query: { after: 'msgbatch_0' } }), wire))).toMatchObject({ data: [{ id: 'msgbatch_1' }] });
    expect(calls.map(({ query }) => query)).toEqual([{ limit: 100 }, { limit: 100, after_id: 'msgbatch_0' }] as never);
  });

  test('results are the file of that id', async () => {
    const message = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-x',
      content: [{ type: 'text', text: 'Hi' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 1, output_tokens: 2 },
    };
    const text = [
      { custom_id: 'a', result: { type: 'succeeded', message } },
      { custom_id: 'b', result: { type: 'errored', error: { type: 'error', error: { type: 'invalid_request_error', message: 'no' } } } },
      { custom_id: 'c', result: { type: 'expired' } },
    ]
      .map((each) => JSON.stringify(each))
      .join('\n');
    const { wire, calls } = fakeWire([{ bytes: [bytesOf(text)] }]);
    expect(await linesOf(await files['GET /{}/content']!(ask({ ids: ['msgbatch_1'] }), wire))).toMatchObject([
      { custom_id: 'a', response: { body: { model: 'claude-x', choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }] } } },
      { custom_id: 'b', error: { code: 'invalid_request_error', message: 'no' } },
      { custom_id: 'c', error: { code: 'expired', message: 'The request was expired.' } },
    ]);
    expect(calls).toEqual([{ url: '/v1/messages/batches/msgbatch_1/results' }]);
  });
});

test('files are a beta', async () => {
  const stored = { id: 'file_1', type: 'file', filename: 'a.pdf', size_bytes: 3, created_at: '2026-08-10T00:00:00Z', downloadable: false };
  const { wire, calls } = fakeWire([
    { json: stored },
    { json: stored },
    { json: { data: [stored] } },
    { json: { id: 'file_1' } },
    { bytes: [] },
  ]);
  const file = { bytes: new Blob(['x']), name: 'a.pdf', type: 'application/pdf' };
  expect(bodyOf(await files['POST ']!(ask({ body: { purpose: 'user_data' }, file }), wire))).toEqual({
    id: 'file_1',
    object: 'file',
    bytes: 3,
    created_at: 1786320000,
    filename: 'a.pdf',
    purpose: 'user_data',
    status: 'processed',
  });
  await files['GET /{}']!(ask({ ids: ['file_1'] }), wire);
  expect(bodyOf(await files['GET ']!(ask(), wire))).toMatchObject({ data: [{ id: 'file_1' }] });
  expect(bodyOf(await files['DELETE /{}']!(ask({ ids: ['file_1'] }), wire))).toMatchObject({ deleted: true });
  await files['GET /{}/content']!(ask({ ids: ['file_1'] }), wire);
  expect(calls.map(({ method, url, headers }) => [method, url, headers])).toEqual([
    [undefined, '/v1/files', { 'anthropic-beta': 'files-api-2025-04-14' }],
    [undefined, '/v1/files/file_1', { 'anthropic-beta': 'files-api-2025-04-14' }],
    [undefined, '/v1/files', { 'anthropic-beta': 'files-api-2025-04-14' }],
    ['DELETE', '/v1/files/file_1', { 'anthropic-beta': 'files-api-2025-04-14' }],
    [undefined, '/v1/files/file_1/content', { 'anthropic-beta': 'files-api-2025-04-14' }],
  ]);
});
