/** An instance of a service, as Consul's agent takes it. */
export interface ConsulInstance {
  address?: string;
  port: number;
  nodeAddress?: string;
  weight?: number;
  meta?: Record<string, string>;
  /** Default: passing. */
  failing?: boolean;
}

/** Consul's HTTP API, as far as health of services goes: blocking queries, tokens, indexes. */
export interface FakeConsul {
  url: string;
  /** Queries of every request, and the tokens that came with them. */
  requests: { path: string; query: URLSearchParams; token: string | null }[];
  set(service: string, instances: readonly ConsulInstance[]): void;
  /** Answers every request until it is told otherwise; undefined: as Consul does. */
  answerWith(answer: (() => Response) | undefined): void;
  /** The next index is lower than the ones before, as after a restore. */
  resetIndex(): void;
  stop(): Promise<void>;
}

/** The shortest time that a question is held in tests; what they ask for is minutes. Milliseconds. */
const holdMs = 5000;

/** https://developer.hashicorp.com/consul/api-docs/health#list-service-instances-for-service, read 2026-11-22. */
export const startConsul = (wantedToken?: string): FakeConsul => {
  const services = new Map<string, readonly ConsulInstance[]>();
  const requests: FakeConsul['requests'] = [];
  let index = 10;
  let instead: (() => Response) | undefined;
  let waiting: (() => void)[] = [];
  const wake = () => {
    const all = waiting;
    waiting = [];
    for (const each of all) each();
  };
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      const { pathname, searchParams: query } = new URL(request.url);
      requests.push({ path: pathname, query, token: request.headers.get('x-consul-token') });
      if (instead) return instead();
      if (wantedToken !== undefined && request.headers.get('x-consul-token') !== wantedToken)
        return new Response('rpc error: Permission denied', { status: 403 });
      const asked = Number(query.get('index') ?? 0);
      if (asked > 0 && asked === index) {
        await Promise.race([new Promise<void>((resolve) => waiting.push(resolve)), Bun.sleep(holdMs)]);
        if (instead) return (instead as () => Response)();
      }
      const service = decodeURIComponent(pathname.split('/').at(-1)!);
      const instances = (services.get(service) ?? []).filter(({ failing }) => !(failing && query.has('passing')));
      return Response.json(
        instances.map((each) => entryOf(service, each)),
        { headers: { 'X-Consul-Index': String(index) } },
      );
    },
  });
  return {
    url: server.url.href.replace(/\/$/, ''),
    requests,
    set(service, instances) {
      services.set(service, instances);
      index++;
      wake();
    },
    answerWith(answer) {
      instead = answer;
      wake();
    },
    resetIndex() {
      index = 3;
      wake();
    },
    async stop() {
      wake();
      await server.stop(true);
    },
  };
};

const entryOf = (
  service: string,
  { address = '', port, nodeAddress = '10.255.0.1', weight = 1, meta = {}, failing = false }: ConsulInstance,
) => ({
  Node: { ID: 'node', Node: 'node-1', Address: nodeAddress, Datacenter: 'dc1', Meta: {} },
  Service: {
    ID: `${service}-${port}`,
    Service: service,
    Tags: ['v1'],
    Address: address,
    Meta: meta,
    Port: port,
    Weights: { Passing: weight, Warning: 1 },
  },
  Checks: [{ CheckID: 'serfHealth', Status: failing ? 'critical' : 'passing', Output: 'Agent alive and reachable' }],
});
