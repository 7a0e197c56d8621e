import { expect, test } from 'bun:test';
import { fakeWire } from '../../../../test/kit/fake-wire.ts';
import { ask, bodyOf, bytesOf, failing, jsonlFile } from '../../../../test/kit/resource-calls.ts';
import { togetherBatches as batches, togetherFiles as files } from './resources.ts';

const job = {
  id: 'b-1',
  status: 'IN_PROGRESS',
  created_at: '2026-08-10T00:00:00Z',
  input_file_id: 'file-1',
  endpoint: '/v1/chat/completions',
};

test('files are uploaded elsewhere, and more is said of them', async () => {
  const stored = { id: 'file-1', bytes: 3, created_at: 1, filename: 'in.jsonl', purpose: 'batch-api', Processed: true, FileType: 'jsonl' };
  const { wire, calls } = fakeWire([{ json: stored }]);
  expect(bodyOf(await files['POST ']!(ask({ body: { purpose: 'batch' }, file: jsonlFile('{}') }), wire))).toEqual({
    id: 'file-1',
    object: 'file',
    bytes: 3,
    created_at: 1,
    filename: 'in.jsonl',
    purpose: 'batch',
    status: 'processed',
  });
  expect(calls[0]).toMatchObject({
    url: '/files/upload',
    form: [
      ['purpose', 'batch-api'],
      ['file_name', 'in.jsonl'],
      ['file_type', 'jsonl'],
      ['file', { name: 'in.jsonl' }],
    ],
  });
});

test('batches are made, looked at and cancelled', async () => {
  const done = { ...job, status: 'COMPLETED', output_file_id: 'o', completed_at: '2026-08-10T01:00:00Z' };
  const { wire, calls, dropped } = fakeWire([{ json: { job } }, { json: done }, { json: { ...job, status: 'CANCELLED' } }]);
  const body = { input_file_id: 'file-1', endpoint: '/v1/chat/completions', metadata: { a: 'b' } };
  expect(bodyOf(await batches['POST ']!(ask({ body }), wire))).toMatchObject({ id: 'b-1', status: 'in_progress', created_at: 1786320000 });
  expect(calls[0]!.json).toEqual({ endpoint: '/v1/chat/completions', input_file_id: 'file-1' });
  expect(dropped).toMatchObject([{ what: 'metadata' }]);
  expect(bodyOf(await batches['GET /{}']!(ask({ ids: ['b-1'] }), wire))).toMatchObject({ status: 'completed', output_file_id: 'o' });
  expect(bodyOf(await batches['POST /{}/cancel']!(ask({ ids: ['b-1'] }), wire))).toMatchObject({ status: 'cancelled' });
});

test('the list is a bare one', async () => {
  const { wire } = fakeWire([{ bytes: [bytesOf(JSON.stringify([job]))] }, { bytes: [bytesOf('oops')] }]);
  expect(bodyOf(await batches['GET ']!(ask(), wire))).toMatchObject({ object: 'list', data: [{ id: 'b-1' }], has_more: false });
  expect((await failing(batches['GET ']!(ask(), wire))).code).toBe('invalid_response');
});
