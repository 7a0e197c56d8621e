import { describe, expect, test } from 'bun:test';
import { fakeWire } from '../../../../test/kit/fake-wire.ts';
import { ask, bodyOf, failing, jsonlFile, linesOf } from '../../../../test/kit/resource-calls.ts';
import type { JsonObject } from '../../types/index.ts';
import { xaiBatches as batches, xaiFiles as files } from './resources.ts';

const batch = (state: JsonObject = {}, more: JsonObject = {}) => ({
  json: {
    batch_id: 'batch_6cf',
    name: 'mine',
    create_time: '2026-08-10',
    expire_time: '2026-09-09',
    cancel_time: null,
    cancel_by_xai_message: null,
    state: { num_requests: 2, num_pending: 0, num_success: 2, num_error: 0, num_cancelled: 0, ...state },
    ...more,
  },
});

describe('batches', () => {
  test('are made of a file as OpenAI’s', async () => {
    const { wire, calls, dropped } = fakeWire([batch({ num_requests: 0 })]);
    const body = { input_file_id: 'file-1', endpoint: '/v1/responses', completion_window: '24h', metadata: { name: 'mine', x: 'y' } };
    expect(bodyOf(await batches['POST ']!(ask({ body }), wire))).toMatchObject({
      id: 'batch_6cf',
      object: 'batch',
      endpoint: '/v1/responses',
      status: 'validating',
      input_file_id: 'file-1',
      created_at: 1786320000,
      expires_at: 1788912000,
      output_file_id: null,
      metadata: { name: 'mine' },
    });
    expect(calls).toEqual([{ url: '/batches', json: { name: 'mine', input_file_id: 'file-1' } }]);
    expect(dropped).toMatchObject([{ what: 'metadata' }]);
    expect((await failing(batches['POST ']!(ask(), wire))).param).toBe('input_file_id');
  });

  test.each<[ReturnType<typeof batch>, JsonObject]>([
    [batch({ num_pending: 1 }), { status: 'in_progress', output_file_id: null }],
    [batch(), { status: 'completed', output_file_id: 'batch_6cf', request_counts: { total: 2, completed: 2, failed: 0 } }],
    [batch({}, { cancel_time: '2026-08-11' }), { status: 'cancelled', cancelled_at: 1786406400, output_file_id: 'batch_6cf' }],
    [batch({ num_success: 0, num_cancelled: 2 }, { cancel_time: '2026-08-11' }), { output_file_id: null, request_counts: { failed: 2 } }],
    [
      batch({}, { cancel_time: '2026-08-11', cancel_by_xai_message: 'bad line' }),
      { status: 'failed', errors: { data: [{ message: 'bad line' }] } },
    ],
  ])('tell their status by counters: %#', async (answer, expected) => {
    const { wire, calls } = fakeWire([answer]);
    expect(bodyOf(await batches['GET /{}']!(ask({ ids: ['batch_6cf'] }), wire))).toMatchObject(expected);
    expect(calls).toEqual([{ url: '/batches/batch_6cf' }]);
  });

  test('are cancelled and listed', async () => {
    const { wire, calls } = fakeWire([batch(), { json: { batches: [batch().json], pagination_token: 't' } }, { json: { batches: [] } }]);
    await batches['POST /{}/cancel']!(ask({ ids: ['batch_6cf'] }), wire);
    expect(bodyOf(await batches['GET ']!(ask(), wire))).toMatchObject({ data: [{ id: 'batch_6cf' }], has_more: false });
    expect(calls).toMatchObject([
      { method: 'POST', url: '/batches/batch_6cf:cancel' },
      { url: '/batches', query: { limit: 100 } },
      { query: { pagination_token: 't' } },
    ]);
  });
});

describe('files', () => {
  test('have no purpose of their own', async () => {
    const stored = { id: 'file-1', bytes: 3, created_at: 1, filename: 'in.jsonl', purpose: '' };
    const { wire, calls } = fakeWire([{ json: stored }, { json: { data: [stored] } }, { json: { id: 'file-1', deleted: true } }]);
    const made = bodyOf(await files['POST ']!(ask({ body: { purpose: 'batch' }, file: jsonlFile('{}') }), wire));
    expect(made).toEqual({ ...stored, object: 'file', purpose: 'batch', status: 'processed' });
    expect(calls[0]).toMatchObject({
      url: '/files',
      form: [
        ['purpose', 'batch'],
        ['file', { name: 'in.jsonl' }],
      ],
    });
    expect(bodyOf(await files['GET ']!(ask(), wire))).toEqual({ object: 'list', data: [made] });
    expect(bodyOf(await files['DELETE /{}']!(ask({ ids: ['file-1'] }), wire))).toEqual({ id: 'file-1', object: 'file', deleted: true });
    expect((await failing(files['POST ']!(ask(), wire))).param).toBe('file');
  });

  test('a batch’s results are pages, read as they are asked for', async () => {
    const done = { batch_request_id: '0', batch_result: { response: { chat_get_completion: { id: 'c', object: 'chat.completion' } } } };
    const failed = { batch_request_id: '1', batch_result: { error: { code: 429, message: 'slow' } } };
    const { wire, calls } = fakeWire([{ json: { results: [done], pagination_token: 'p' } }, { json: { results: [failed] } }]);
    const result = await files['GET /{}/content']!(ask({ ids: ['batch_6cf'] }), wire);
    expect(calls).toHaveLength(1);
    expect(await linesOf(result)).toMatchObject([
      { custom_id: '0', response: { status_code: 200, request_id: 'c', body: { object: 'chat.completion' } }, error: null },
      { custom_id: '1', response: null, error: { code: '429', message: 'slow' } },
    ]);
    expect(calls[1]).toEqual({ url: '/batches/batch_6cf/results', query: { limit: 100, pagination_token: 'p' } });
  });

  test('other files are had as they are', async () => {
    const { wire, calls } = fakeWire([{ bytes: [new Uint8Array([1])] }]);
    await files['GET /{}/content']!(ask({ ids: ['file-1'] }), wire);
    expect(calls).toEqual([{ url: '/files/file-1/content' }]);
  });
});
