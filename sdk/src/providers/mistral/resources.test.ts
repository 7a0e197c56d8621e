import { describe, expect, test } from 'bun:test';
import { fakeWire } from '../../../../test/kit/fake-wire.ts';
import { ask, bodyOf, failing } from '../../../../test/kit/resource-calls.ts';
import type { JsonObject } from '../../types/index.ts';
import { mistralBatches as batches, mistralFineTuning as tuning } from './resources.ts';

const job = (more: JsonObject = {}) => ({
  id: 'j-1',
  object: 'batch',
  input_files: ['f-1'],
  endpoint: '/v1/chat/completions',
  model: 'mistral-small-latest',
  status: 'QUEUED',
  created_at: 1_700_000_000,
  total_requests: 2,
  completed_requests: 0,
  succeeded_requests: 0,
  failed_requests: 0,
  errors: [],
  ...more,
});

describe('batches', () => {
  test('are made with what both have', async () => {
    const { wire, calls } = fakeWire([{ json: job() }, { json: job() }], { model: '-' });
    const body = { input_file_id: 'f-1', endpoint: '/v1/embeddings', completion_window: '2d', metadata: { a: 'b' } };
    expect(bodyOf(await batches['POST ']!(ask({ body }), wire))).toMatchObject({
      id: 'j-1',
      object: 'batch',
      status: 'validating',
      input_file_id: 'f-1',
    });
    await batches['POST ']!(ask({ body: { input_file_id: 'f-1', model: 'm-1' } }), wire);
    expect(calls).toEqual([
      { url: '/batch/jobs', json: { input_files: ['f-1'], endpoint: '/v1/embeddings', metadata: { a: 'b' }, timeout_hours: 48 } },
      { url: '/batch/jobs', json: { input_files: ['f-1'], endpoint: '/v1/chat/completions', model: 'm-1' } },
    ]);
    expect((await failing(batches['POST ']!(ask(), wire))).param).toBe('input_file_id');
  });

  test.each<[JsonObject, JsonObject]>([
    [
      { status: 'SUCCESS', output_file: 'o', error_file: 'e', completed_at: 9, succeeded_requests: 1, failed_requests: 1 },
      {
        status: 'completed',
        output_file_id: 'o',
        error_file_id: 'e',
        completed_at: 9,
        request_counts: { total: 2, completed: 1, failed: 1 },
      },
    ],
    [
      { status: 'RUNNING', started_at: 5 },
      { status: 'in_progress', in_progress_at: 5 },
    ],
    [{ status: 'TIMEOUT_EXCEEDED' }, { status: 'expired' }],
    [{ status: 'CANCELLATION_REQUESTED' }, { status: 'cancelling' }],
    [
      { status: 'FAILED', errors: [{ message: 'no', count: 1 }] },
      { status: 'failed', errors: { data: [{ message: 'no' }] } },
    ],
  ])('%j is %j', async (more, expected) => {
    const { wire, calls } = fakeWire([{ json: job(more) }, { json: job(more) }]);
    expect(bodyOf(await batches['GET /{}']!(ask({ ids: ['j-1'] }), wire))).toMatchObject(expected);
    await batches['POST /{}/cancel']!(ask({ ids: ['j-1'] }), wire);
    expect(calls).toEqual([{ url: '/batch/jobs/j-1' }, { method: 'POST', url: '/batch/jobs/j-1/cancel' }]);
  });

  test('are listed by numbered pages', async () => {
    const data = Array.from({ length: 100 }, (_, at) => job({ id: `j-${at}` }));
    const { wire, calls } = fakeWire([{ json: { data } }, { json: { data: [job({ id: 'last' })] } }]);
    expect(bodyOf(await batches['GET ']!(ask({ query: { after: 'j-99' } }), wire))).toMatchObject({
      data: [{ id: 'last' }],
      has_more: false,
    });
    expect(calls.map(({ query }) => query?.['page'])).toEqual([0, 1]);
  });
});

describe('fine-tuning', () => {
  const made = {
    id: 't-1',
    model: 'm',
    status: 'RUNNING',
    created_at: 1,
    modified_at: 2,
    training_files: ['f-1'],
    hyperparameters: { epochs: 3 },
  };

  test('takes what both have, and refuses the rest by name', async () => {
    const { wire, calls } = fakeWire([{ json: made }]);
    const body = {
      model: 'm',
      training_file: 'f-1',
      validation_file: 'f-2',
      hyperparameters: { n_epochs: 3, batch_size: 'auto' },
      suffix: 's',
    };
    expect(bodyOf(await tuning['POST ']!(ask({ body }), wire))).toMatchObject({
      id: 't-1',
      object: 'fine_tuning.job',
      status: 'running',
      training_file: 'f-1',
      finished_at: null,
    });
    expect(calls[0]!.json).toEqual({
      training_files: [{ file_id: 'f-1', weight: 1 }],
      validation_files: ['f-2'],
      hyperparameters: { epochs: 3 },
      auto_start: true,
      model: 'm',
      suffix: 's',
    });
    expect((await failing(tuning['POST ']!(ask({ body: { model: 'm' } }), wire))).param).toBe('training_file');
    expect((await failing(tuning['POST ']!(ask({ body: { ...body, hyperparameters: { batch_size: 4 } } }), wire))).param).toBe(
      'hyperparameters.batch_size',
    );
    expect((await failing(tuning['POST ']!(ask({ body: { ...body, method: { type: 'dpo' } } }), wire))).param).toBe('method');
  });

  test('is looked at, listed and cancelled', async () => {
    const { wire } = fakeWire([
      { json: { ...made, status: 'SUCCESS', fine_tuned_model: 'ft:m' } },
      { json: { data: [made] } },
      { json: { ...made, status: 'FAILED_VALIDATION' } },
    ]);
    expect(bodyOf(await tuning['GET /{}']!(ask({ ids: ['t-1'] }), wire))).toMatchObject({
      status: 'succeeded',
      fine_tuned_model: 'ft:m',
      finished_at: 2,
    });
    expect(bodyOf(await tuning['GET ']!(ask(), wire))).toMatchObject({ data: [{ id: 't-1' }] });
    expect(bodyOf(await tuning['POST /{}/cancel']!(ask({ ids: ['t-1'] }), wire))).toMatchObject({
      status: 'failed',
      error: { code: 'FAILED_VALIDATION' },
    });
  });
});
