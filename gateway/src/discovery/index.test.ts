import { afterEach, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { startConsul } from '../../../test/kit/discovery/consul.ts';
import { startKubernetes } from '../../../test/kit/discovery/kubernetes.ts';
import { load } from '../config/testing.ts';
import { createSocketTransport } from '../upstream/index.ts';
import { createDiscovery, type DiscoveryOptions } from './index.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});
const closed = <T extends { stop(): unknown }>(thing: T): T => {
  closing.push(() => thing.stop());
  return thing;
};

const params = 'litellm_params: { model: ollama/m, api_base: "http://{host}:{port}" }';
const configOf = (...sources: string[]) =>
  load(['sluice_settings:', '  discovery:', ...sources.map((each) => `    - { ${each}, ${params} }`)].join('\n'));

const start = (given: Partial<DiscoveryOptions> = {}) => {
  const lines: [message: string, fields: Readonly<Record<string, unknown>>][] = [];
  const failures: string[] = [];
  const discovery = closed(
    createDiscovery({
      transport: createSocketTransport(),
      env: {},
      log: { info: (...line) => void lines.push(line), warn: (...line) => void lines.push(line) },
      onChange: () => {},
      onFailure: (source) => void failures.push(source),
      ...given,
    }),
  );
  return { discovery, lines, failures };
};
const ports = (discovery: ReturnType<typeof createDiscovery>): string[] =>
  discovery.merged().deployments.map(({ apiBase }) => URL.parse(apiBase ?? '')!.port);
const until = async (holds: () => boolean): Promise<void> => {
  for (const end = Date.now() + 8000; !holds(); await Bun.sleep(5)) if (Date.now() > end) throw new Error('It did not come to hold.');
};

test('a source that flaps is live a few times a second, not at each change', async () => {
  const consul = closed(startConsul());
  let changes = 0;
  const { discovery } = start({ onChange: () => void changes++ });
  // Two sources, so that changes of each meet those of the other.
  discovery.configure(
    configOf(...['a', 'b'].map((service) => `type: consul, address: "${consul.url}", service: ${service}, model_name: m`)),
  );
  await discovery.ready(5000);
  changes = 0;
  const startedAt = performance.now();
  for (let turn = 0; turn < 100; turn++) {
    consul.set(turn % 2 ? 'a' : 'b', [{ address: '10.0.0.1', port: 1000 + turn }]);
    await Bun.sleep(10);
  }
  await until(() => ports(discovery).toSorted().join() === '1098,1099');
  await Bun.sleep(300);
  const seconds = (performance.now() - startedAt) / 1000;
  expect(changes).toBeGreaterThan(0);
  expect(changes).toBeLessThanOrEqual(Math.ceil(seconds * 5) + 1);
});

test('what is found first is live before anybody is told that all is ready', async () => {
  const consul = closed(startConsul());
  consul.set('a', [{ address: '10.0.0.1', port: 1 }]);
  let live = 0;
  const { discovery } = start({ onChange: () => void live++ });
  discovery.configure(configOf(`type: consul, address: "${consul.url}", service: a, model_name: m`));
  await discovery.ready(5000);
  expect(live).toBe(1);
  expect(ports(discovery)).toEqual(['1']);
});

test('who never answers keeps nobody waiting beyond the limit', async () => {
  const consul = closed(startConsul());
  consul.answerWith(() => new Response(new ReadableStream({ start() {} })));
  const { discovery } = start();
  discovery.configure(configOf(`type: consul, address: "${consul.url}", service: a, model_name: m`));
  const startedAt = performance.now();
  await discovery.ready(200);
  expect(performance.now() - startedAt).toBeLessThan(3000);
});

test('another configuration: the same look-ups go on, others begin, those that are gone end', async () => {
  const consul = closed(startConsul());
  for (const [at, service] of ['a', 'b', 'c'].entries()) consul.set(service, [{ address: '10.0.0.1', port: at + 1 }]);
  const of = (...services: string[]) =>
    configOf(...services.map((service) => `type: consul, address: "${consul.url}", service: ${service}, model_name: m`));
  const { discovery } = start();
  discovery.configure(of('a', 'b'));
  await discovery.ready(5000);
  const asked = consul.requests.length;
  const next = of('b', 'c');
  // Before it is taken over, what is known is there already.
  expect(discovery.merged(next).deployments.map(({ apiBase }) => apiBase)).toEqual(['http://10.0.0.1:2']);
  discovery.configure(next);
  await discovery.ready(5000);
  expect(ports(discovery)).toEqual(['2', '3']);
  expect(discovery.states().map(({ name, endpoints }) => [name, endpoints])).toEqual([
    ['consul:b', 1],
    ['consul:c', 1],
  ]);
  const since = consul.requests.slice(asked).map(({ path, query }) => `${path.at(-1)} ${query.get('index')}`);
  expect(since).toContain('c null');
  expect(since).not.toContain('b null');
  expect(since).not.toContain('a null');
});

test('what cannot be made live is told, and nothing breaks', async () => {
  const consul = closed(startConsul());
  consul.set('a', [{ address: '10.0.0.1', port: 1 }]);
  const { discovery, lines } = start({
    onChange: () => {
      throw new Error('no such strategy');
    },
  });
  discovery.configure(configOf(`type: consul, address: "${consul.url}", service: a, model_name: m`));
  await discovery.ready(5000);
  expect(lines.at(-1)).toEqual(['discovery: what was found cannot be made live', { error: 'no such strategy' }]);
});

const pem = (name: string): string => readFileSync(new URL(`../upstream/fixtures/tls/${name}`, import.meta.url), 'utf8');
const serving = { key: pem('localhost.key'), cert: pem('localhost.crt') };

test('in a pod: its variables, its authorities, its token and its namespace; TLS is verified', async () => {
  const cluster = closed(startKubernetes({ token: 'pod-token', namespace: 'team-a', tls: serving }));
  cluster.apply({ name: 's', service: 'vllm', ports: [{ port: 8000 }], endpoints: [{ addresses: ['10.0.0.1'], ready: true }] });
  const folder = '/var/run/secrets/kubernetes.io/serviceaccount';
  const files: Record<string, string> = { [`${folder}/token`]: 'pod-token\n', [`${folder}/namespace`]: 'team-a' };
  const env = { KUBERNETES_SERVICE_HOST: 'localhost', KUBERNETES_SERVICE_PORT: new URL(cluster.url).port };
  const readText = async (path: string) => files[path] ?? Promise.reject(new Error('no such file'));
  const { discovery, lines, failures } = start({ env, readText });
  discovery.configure(configOf('type: kubernetes, service: vllm, model_name: m'));
  await discovery.ready(5000);
  // Authorities that cannot be read are not done without.
  expect(lines.at(-1)?.[1]).toMatchObject({ error: `The file ${folder}/ca.crt cannot be read.` });
  files[`${folder}/ca.crt`] = pem('self-signed.crt');
  await until(() => failures.length >= 2);
  expect(ports(discovery)).toEqual([]);
  expect(cluster.requests).toEqual([]);
  files[`${folder}/ca.crt`] = pem('ca.crt');
  await until(() => ports(discovery).length === 1);
  expect(cluster.requests[0]?.authorization).toBe('Bearer pod-token');
}, 30_000);

test('an API of a server that nobody vouches for is not believed', async () => {
  const cluster = closed(startKubernetes({ tls: serving }));
  const { discovery, failures, lines } = start();
  const address = cluster.url.replace('127.0.0.1', 'localhost');
  discovery.configure(configOf(`type: kubernetes, address: "${address}", namespace: default, service: vllm, token: t, model_name: m`));
  await discovery.ready(5000);
  expect(failures).toEqual(['kubernetes:vllm']);
  expect(String(lines[0]?.[1]['error'])).toContain('certificate');
  expect(cluster.requests).toEqual([]);
});
