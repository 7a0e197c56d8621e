import { expect, test } from 'bun:test';
import type { DiscoverySource, Endpoint } from '../config/discovery-settings.ts';
import { load } from '../config/testing.ts';
import { createMerge } from './merge.ts';

const params = 'litellm_params: { model: ollama/m, api_base: "http://{host}:{port}" }';
const entry = (name: string) => `    - { type: dns, host: a.test, port: 1, name: ${name}, model_name: found, ${params} }`;
const base = load(
  [
    'model_list: [{ model_name: written, litellm_params: { model: ollama/m } }]',
    'sluice_settings:',
    '  discovery:',
    entry('one'),
    entry('two'),
  ].join('\n'),
);
const [one, two] = base.discovery as [DiscoverySource, DiscoverySource];
const at = (port: number, more: Partial<Endpoint> = {}): Endpoint => ({ host: '10.0.0.1', port, ...more });

test('what is found stands behind what is written down, in a new frozen snapshot', () => {
  const merged = createMerge()(base, [{ source: one, endpoints: [at(1), at(2)] }]);
  expect(merged.deployments.map(({ modelName, apiBase }) => [modelName, apiBase])).toEqual([
    ['written', undefined],
    ['found', 'http://10.0.0.1:1'],
    ['found', 'http://10.0.0.1:2'],
  ]);
  expect(Object.isFrozen(merged) && Object.isFrozen(merged.deployments) && merged.deployments.every(Object.isFrozen)).toBe(true);
  expect(base.deployments).toHaveLength(1);
  expect({ ...merged, deployments: [] }).toEqual({ ...base, deployments: [] });
});

test('what two sources find is one deployment: ids are unique', () => {
  const merged = createMerge()(base, [
    { source: one, endpoints: [at(1)] },
    { source: two, endpoints: [at(1), at(2)] },
  ]);
  expect(merged.deployments.map(({ apiBase }) => apiBase)).toEqual([undefined, 'http://10.0.0.1:1', 'http://10.0.0.1:2']);
  expect(new Set(merged.deployments.map(({ id }) => id)).size).toBe(3);
});

test('an endpoint that is the same as before is the same deployment; one whose weight has changed keeps its id', () => {
  const merge = createMerge();
  const [, a, b] = merge(base, [{ source: one, endpoints: [at(1), at(2)] }]).deployments;
  const [, sameA, newB] = merge(base, [{ source: one, endpoints: [at(1), at(2, { weight: 3 })] }]).deployments;
  expect(sameA).toBe(a!);
  expect(newB).not.toBe(b!);
  expect(newB).toMatchObject({ id: b!.id, weight: 3 });
});

test('ten thousand endpoints of which one changes cost what has changed', () => {
  const merge = createMerge();
  const many = Array.from({ length: 10_000 }, (_, port) => at(port + 1));
  const startedAt = performance.now();
  merge(base, [{ source: one, endpoints: many }]);
  const firstMs = performance.now() - startedAt;
  let built = 0;
  const counted = { ...one, deploymentsOf: (endpoint: Endpoint) => (built++, one.deploymentsOf(endpoint)) };
  merge(base, [{ source: counted, endpoints: many }]);
  built = 0;
  const againAt = performance.now();
  merge(base, [{ source: counted, endpoints: [...many.slice(1), at(20_000)] }]);
  console.log(`merge of 10,000 endpoints: first ${firstMs.toFixed(0)} ms, then ${(performance.now() - againAt).toFixed(0)} ms`);
  expect(built).toBe(1);
});
