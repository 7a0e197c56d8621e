import { afterEach, describe, expect, test } from 'bun:test';
import { startConsul } from '../kit/discovery/consul.ts';
import { startDns } from '../kit/discovery/dns.ts';
import { findEtcd, startEtcd } from '../kit/discovery/etcd.ts';
import { startKubernetes } from '../kit/discovery/kubernetes.ts';
import { startModelServer, type ModelServer } from '../kit/discovery/model-server.ts';
import { masterKey, startGateway, type Gateway } from './harness.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});
const closed = <T extends { stop(): unknown }>(thing: T): T => {
  closing.push(() => thing.stop());
  return thing;
};
const server = (says: string, where?: Parameters<typeof startModelServer>[1]): ModelServer => closed(startModelServer(says, where));

const source = (...lines: string[]): string =>
  // Even shares, so that a number of calls meets each of them.
  [
    'router_settings: { routing_strategy: simple-shuffle }',
    'sluice_settings:',
    '  discovery:',
    ...lines.map((line, at) => `    ${at === 0 ? '- ' : '  '}${line}`),
  ].join('\n');
const params = 'litellm_params: { model: hosted_vllm/llama, api_base: "http://{host}:{port}/v1", num_retries: 0 }';

const gateway = async (yaml: string, env: Record<string, string> = {}): Promise<Gateway> => {
  const started = await startGateway(yaml, env);
  closing.push(() => started.stop(0));
  return started;
};

const ask = async (at: Gateway, model = 'llama'): Promise<string> => {
  const response = await at.post('/v1/chat/completions', { model, messages: [{ role: 'user', content: 'hi' }] });
  const body = (await response.json()) as { choices?: { message: { content: string } }[] };
  return body.choices?.[0]?.message.content ?? `status ${response.status} ${JSON.stringify(body).slice(0, 300)}`;
};

/** Who answers, of a number of calls. */
const whoAnswers = async (at: Gateway, model = 'llama'): Promise<string> => {
  const answers = new Set<string>();
  for (let call = 0; call < 24; call++) answers.add(await ask(at, model));
  return [...answers].toSorted().join(' ');
};

const models = async (at: Gateway): Promise<string[]> => {
  const response = await fetch(`${at.url}/v1/models`, { headers: { authorization: `Bearer ${masterKey}` } });
  return ((await response.json()) as { data: { id: string }[] }).data.map(({ id }) => id).toSorted();
};

/** The ids of all deployments that are live. */
const liveIds = async (at: Gateway): Promise<string> => {
  const response = await fetch(`${at.url}/model/info`, { headers: { authorization: `Bearer ${masterKey}` } });
  const { data } = (await response.json()) as { data: { model_info: { id: string } }[] };
  return data
    .map(({ model_info: { id } }) => id)
    .toSorted()
    .join();
};

const metric = async (at: Gateway, line: string): Promise<number | undefined> => {
  const page = await (await fetch(`${at.url}/metrics`)).text();
  const found = page.split('\n').find((each) => each.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length + 1));
};

/** Waits until it holds; the machine may be slow. */
const eventually = async <T>(look: () => T | Promise<T>, wanted: T): Promise<void> => {
  let seen: T | undefined;
  for (const until = Date.now() + 12_000; Date.now() < until; await Bun.sleep(40)) {
    seen = await look();
    if (Bun.deepEquals(seen, wanted)) return;
  }
  expect(seen).toEqual(wanted);
};
const lines = (at: Gateway, start: string) =>
  at.lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ msg }) => String(msg).startsWith(start));

describe('Consul', () => {
  const config = (address: string) =>
    source('type: consul', `address: ${address}`, 'service: vllm', 'token: os.environ/CONSUL_HTTP_TOKEN', 'model_name: llama', params);
  const env = { CONSUL_HTTP_TOKEN: 'consul-secret-token' };

  test('endpoints come and go without a restart, and the first call finds what is there', async () => {
    const consul = closed(startConsul(env.CONSUL_HTTP_TOKEN));
    const [a, b] = [server('a'), server('b')];
    const at = ({ host: address, port }: ModelServer) => ({ address, port });
    consul.set('vllm', [at(a)]);
    const sluice = await gateway(config(consul.url), env);
    expect(await ask(sluice)).toBe('a');
    expect(await models(sluice)).toEqual(['llama']);
    consul.set('vllm', [at(a), at(b)]);
    await eventually(() => whoAnswers(sluice), 'a b');
    expect(await metric(sluice, 'sluice_discovery_endpoints{source="consul:vllm"}')).toBe(2);
    consul.set('vllm', [at(b)]);
    await eventually(() => whoAnswers(sluice), 'b');
    expect(lines(sluice, 'discovery found').length).toBeGreaterThanOrEqual(3);
    expect(sluice.lines.join()).not.toContain(env.CONSUL_HTTP_TOKEN);
  });

  test('a call that has begun is finished by an endpoint that is gone since', async () => {
    const consul = closed(startConsul());
    const [a, b] = [server('a'), server('b')];
    consul.set('vllm', [{ address: a.host, port: a.port }]);
    const sluice = await gateway(config(consul.url));
    const gate = Promise.withResolvers<void>();
    a.hold(gate.promise);
    const begun = ask(sluice);
    await eventually(() => a.calls(), 1);
    const before = await liveIds(sluice);
    consul.set('vllm', [{ address: b.host, port: b.port }]);
    await eventually(async () => (await liveIds(sluice)) !== before, true);
    expect(await whoAnswers(sluice)).toBe('b');
    gate.resolve();
    expect(await begun).toBe('a');
    expect(a.calls()).toBe(1);
  });

  test('a source that dies, refuses or lies keeps what it knew; once it is well it is heard again', async () => {
    const consul = closed(startConsul());
    const [a, b] = [server('a'), server('b')];
    consul.set('vllm', [{ address: a.host, port: a.port }]);
    const sluice = await gateway(config(consul.url));
    expect(await ask(sluice)).toBe('a');
    const failures = async () => (await metric(sluice, 'sluice_discovery_failures_total{source="consul:vllm"}')) ?? 0;
    const lies: (() => Response)[] = [
      () => new Response('down', { status: 500 }),
      () => new Response('<html>not json</html>'),
      () => Response.json({ not: 'a list' }),
      () => new Response('['.padEnd(20_000_000, ' ')),
    ];
    for (const [at, lie] of lies.entries()) {
      const before = await failures();
      consul.answerWith(lie);
      await eventually(async () => (await failures()) > before, true);
      expect(await ask(sluice)).toBe('a');
      consul.answerWith(undefined);
      consul.set('vllm', [{ address: a.host, port: a.port }]);
      await eventually(() => lines(sluice, 'discovery works').length, at + 1);
    }
    consul.set('vllm', [{ address: b.host, port: b.port }]);
    await eventually(() => whoAnswers(sluice), 'b');
    expect(await metric(sluice, 'sluice_discovery_last_success_timestamp_seconds{source="consul:vllm"}')).toBeGreaterThan(
      Date.now() / 1000 - 60,
    );
  }, 60_000);

  test('a metadata address is never an endpoint', async () => {
    const consul = closed(startConsul());
    const a = server('a');
    consul.set('vllm', [
      { address: a.host, port: a.port },
      { address: '169.254.169.254', port: 80 },
      { address: '2852039166', port: 80 },
    ]);
    const sluice = await gateway(config(consul.url));
    expect(await whoAnswers(sluice)).toBe('a');
    expect(lines(sluice, 'discovery left')).toMatchObject([
      { source: 'consul:vllm', refused: 2, why: 'it is the metadata service of a cloud' },
    ]);
  });

  test('changes in quick succession become live together', async () => {
    const consul = closed(startConsul());
    const servers = [1, 2, 3].map((at) => server(`s${at}`));
    const sluice = await gateway(config(consul.url));
    expect(await ask(sluice)).toStartWith('status 404');
    for (let turn = 0; turn < 60; turn++) {
      const { host: address, port } = servers[turn % 3]!;
      consul.set('vllm', [{ address, port }]);
      await Bun.sleep(5);
    }
    await eventually(() => whoAnswers(sluice), 's3');
  });

  test('no call is lost while endpoints come and go under load', async () => {
    const consul = closed(startConsul());
    const servers = ['a', 'b', 'c'].map((says) => server(says));
    const at = ({ host: address, port }: ModelServer) => ({ address, port });
    consul.set('vllm', servers.map(at));
    const sluice = await gateway(config(consul.url));
    const answers = new Map<string, number>();
    let over = false;
    const client = async () => {
      while (!over) {
        const answer = await ask(sluice);
        answers.set(answer, (answers.get(answer) ?? 0) + 1);
      }
    };
    const clients = Array.from({ length: 8 }, client);
    // One at least is always there.
    for (let turn = 0; turn < 30; turn++) {
      consul.set('vllm', servers.filter((_, which) => which === turn % 3 || (turn + which) % 2 === 0).map(at));
      await Bun.sleep(100);
    }
    over = true;
    await Promise.all(clients);
    const swaps = lines(sluice, 'discovery found').length;
    const calls = [...answers.values()].reduce((sum, count) => sum + count, 0);
    console.log(`${calls} calls over ${swaps} changes of the list: ${JSON.stringify(Object.fromEntries(answers))}`);
    expect([...answers.keys()].toSorted()).toEqual(['a', 'b', 'c']);
    expect(swaps).toBeGreaterThan(5);
  }, 30_000);

  test('a reload keeps what was found, and a template may change', async () => {
    const consul = closed(startConsul());
    const a = server('a');
    consul.set('vllm', [{ address: a.host, port: a.port }]);
    const sluice = await gateway(config(consul.url));
    expect(await ask(sluice)).toBe('a');
    const questions = consul.requests.length;
    sluice.reload(config(consul.url).replace('model_name: llama', 'model_name: other'));
    expect(await models(sluice)).toEqual(['other']);
    expect(await ask(sluice, 'other')).toBe('a');
    expect(consul.requests.length).toBe(questions);
    sluice.reload('model_list: [{ model_name: static, litellm_params: { model: mock/hello } }]');
    expect(await models(sluice)).toEqual(['static']);
  });
});

describe('Kubernetes', () => {
  test('ready endpoints of a service, beside deployments that are written down', async () => {
    const cluster = closed(startKubernetes({ token: 'k8s-secret-token', namespace: 'team-a' }));
    const [a, b, c] = [server('a'), server('b'), server('c')];
    const slice = (name: string, { host, port }: ModelServer, ready = true) =>
      cluster.apply({ name, service: 'vllm', ports: [{ name: 'http', port }], endpoints: [{ addresses: [host], ready }] });
    slice('s-a', a);
    slice('s-b', b, false);
    const written = `model_list: [{ model_name: llama, litellm_params: { model: hosted_vllm/llama, api_base: "${c.url}/v1" } }]\n`;
    const yaml =
      written +
      source(
        'type: kubernetes',
        `address: ${cluster.url}`,
        'namespace: team-a',
        'service: vllm',
        'port: http',
        'token: os.environ/T',
        'model_name: llama',
        params,
      );
    const sluice = await gateway(yaml, { T: 'k8s-secret-token' });
    expect(await whoAnswers(sluice)).toBe('a c');
    await eventually(() => cluster.watches(), 1);
    slice('s-b', b);
    await eventually(() => whoAnswers(sluice), 'a b c');
    cluster.expire();
    cluster.remove('s-a');
    await eventually(() => whoAnswers(sluice), 'b c');
  });
});

describe('DNS', () => {
  test('addresses come and go; one that an answer lacks is kept for its grace', async () => {
    const dns = closed(await startDns());
    const a = server('a', { host: '127.0.0.1' });
    const b = server('b', { host: '127.0.0.2', port: a.port });
    const record = ({ host }: ModelServer) => ({ type: 'A' as const, address: host });
    dns.set('vllm.test', [record(a), record(b)]);
    const sluice = await gateway(
      source(
        'type: dns',
        'host: vllm.test',
        `port: ${a.port}`,
        `servers: ["${dns.address}"]`,
        'interval_ms: 1000',
        'grace_ms: 3000',
        'model_name: llama',
        params,
      ),
    );
    expect(await whoAnswers(sluice)).toBe('a b');
    dns.set('vllm.test', [record(b)]);
    const asked = dns.questions.length;
    await eventually(() => dns.questions.length > asked, true);
    await Bun.sleep(400);
    expect(await whoAnswers(sluice)).toBe('a b');
    await eventually(() => whoAnswers(sluice), 'b');
    // A name that is gone for now, and a server that fails, take nothing away.
    dns.answerWith(3);
    await eventually(async () => ((await metric(sluice, 'sluice_discovery_failures_total{source="dns:vllm.test"}')) ?? 0) > 0, true);
    expect(await whoAnswers(sluice)).toBe('b');
  }, 40_000);

  test('SRV: the lowest priority is asked, the next one where it fails', async () => {
    const dns = closed(await startDns());
    const [a, b] = [server('a'), server('b')];
    const record = ({ port }: ModelServer, priority: number) => ({ type: 'SRV' as const, priority, weight: 1, port, target: 'localhost' });
    dns.set('_vllm._tcp.test', [record(a, 1), record(b, 2)]);
    const sluice = await gateway(
      source(
        'type: srv',
        'host: _vllm._tcp.test',
        `servers: ["${dns.address}"]`,
        'interval_ms: 1000',
        'model_name: llama',
        params.replace('num_retries: 0', 'num_retries: 2'),
      ),
    );
    expect(await whoAnswers(sluice)).toBe('a');
    await a.stop();
    expect(await whoAnswers(sluice)).toBe('b');
  }, 20_000);
});

describe('model lists', () => {
  test('the models of vLLM and Ollama are served under the operator’s names', async () => {
    const [vllm, ollama] = [server('vllm'), server('ollama')];
    vllm.setModels(['llama-3.1-8b', '*']);
    ollama.setModels(['qwen3:8b']);
    const yaml = source(
      'type: openai_models',
      `address: ${vllm.url}`,
      'model_name: "local/*"',
      'interval_ms: 1000',
      'litellm_params: { api_key: os.environ/K }',
    );
    const sluice = await gateway(`${yaml}\n    - { type: ollama, address: "${ollama.url}", interval_ms: 1000 }`, { K: 'vllm-key' });
    expect(await ask(sluice, 'local/llama-3.1-8b')).toBe('vllm');
    expect(await ask(sluice, 'qwen3:8b')).toBe('ollama');
    expect(await models(sluice)).toEqual(['local/llama-3.1-8b', 'qwen3:8b']);
    expect(vllm.listKeys[0]).toBe('Bearer vllm-key');
    vllm.setModels(['llama-3.1-8b', 'mistral']);
    ollama.setModels([]);
    await eventually(() => models(sluice), ['local/llama-3.1-8b', 'local/mistral']);
    vllm.answerListWith(() => new Response('loading', { status: 503 }));
    await eventually(
      async () => ((await metric(sluice, `sluice_discovery_failures_total{source="openai_models:127.0.0.1:${vllm.port}"}`)) ?? 0) > 0,
      true,
    );
    expect(await models(sluice)).toEqual(['local/llama-3.1-8b', 'local/mistral']);
  }, 30_000);
});

const program = findEtcd();
if ('missing' in program) console.warn(`SKIPPED, discovery from a real etcd: ${program.missing}`);

describe.skipIf('missing' in program)('etcd', () => {
  test('keys come and go; etcd dies and comes back', async () => {
    if ('missing' in program) return;
    const etcd = closed(await startEtcd(program.path));
    const [a, b] = [server('a'), server('b')];
    await etcd.put('/sluice/llama/a', JSON.stringify({ host: a.host, port: a.port, model: 'llama' }));
    const sluice = await gateway(source('type: etcd', `address: ${etcd.url}`, 'prefix: /sluice/llama/', 'model_name: "{model}"', params));
    expect(await ask(sluice)).toBe('a');
    await etcd.put('/sluice/llama/b', JSON.stringify({ host: b.host, port: b.port, model: 'llama' }));
    await eventually(() => whoAnswers(sluice), 'a b');
    await etcd.kill();
    await eventually(async () => ((await metric(sluice, 'sluice_discovery_failures_total{source="etcd:/sluice/llama/"}')) ?? 0) > 0, true);
    expect(await whoAnswers(sluice)).toBe('a b');
    await etcd.start();
    await etcd.remove('/sluice/llama/a');
    await eventually(() => whoAnswers(sluice), 'b');
  }, 60_000);
});
