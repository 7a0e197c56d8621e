/** An EndpointSlice, shortened. */
export interface Slice {
  name: string;
  service: string;
  ports: { name?: string; port: number }[];
  endpoints: { addresses: string[]; ready?: boolean }[];
}

/** The API server of a cluster, as far as EndpointSlices go: list with pages, watch with bookmarks, tokens, expired versions. */
export interface FakeKubernetes {
  url: string;
  requests: { path: string; query: URLSearchParams; authorization: string | null }[];
  /** Watches that are open. */
  watches(): number;
  apply(slice: Slice): void;
  remove(name: string): void;
  /** Ends every watch as the API does where what it goes on from is gone. */
  expire(): void;
  /** Breaks every watch. */
  cut(): void;
  /** Sends this line to every watch. */
  say(line: string): void;
  answerWith(answer: (() => Response) | undefined): void;
  stop(): Promise<void>;
}

interface Options {
  token?: string;
  namespace?: string;
  /** Slices of a page at most, whatever is asked for. */
  pageSize?: number;
  tls?: { key: string; cert: string };
}

/** https://kubernetes.io/docs/reference/using-api/api-concepts/, read 2026-11-22. */
export const startKubernetes = ({ token, namespace = 'default', pageSize = 500, tls }: Options = {}): FakeKubernetes => {
  const slices = new Map<string, Slice>();
  const requests: FakeKubernetes['requests'] = [];
  const open = new Set<{ service: string; controller: ReadableStreamDefaultController<Uint8Array> }>();
  let version = 100;
  let instead: (() => Response) | undefined;
  const encoder = new TextEncoder();
  const tell = (service: string | undefined, line: string) => {
    for (const { service: wanted, controller } of open)
      if (service === undefined || service === wanted) controller.enqueue(encoder.encode(`${line}\n`));
  };
  const objectOf = ({ name, service, ports, endpoints }: Slice) => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace, resourceVersion: String(version), labels: { 'kubernetes.io/service-name': service } },
    addressType: 'IPv4',
    ports: ports.map((port) => ({ protocol: 'TCP', ...port })),
    endpoints: endpoints.map(({ addresses, ready }) => ({
      addresses,
      conditions: ready === undefined ? {} : { ready, serving: ready, terminating: false },
    })),
  });
  const watch = (service: string): Response => {
    const entry: { service: string; controller?: ReadableStreamDefaultController<Uint8Array> } = { service };
    return new Response(
      new ReadableStream<Uint8Array>({
        start(controller) {
          entry.controller = controller;
          open.add(entry as { service: string; controller: ReadableStreamDefaultController<Uint8Array> });
          controller.enqueue(
            encoder.encode(
              `${JSON.stringify({ type: 'BOOKMARK', object: { kind: 'EndpointSlice', metadata: { resourceVersion: String(version) } } })}\n`,
            ),
          );
        },
        cancel: () => void open.delete(entry as { service: string; controller: ReadableStreamDefaultController<Uint8Array> }),
      }),
      { headers: { 'content-type': 'application/json' } },
    );
  };
  const listen = (port: number) =>
    Bun.serve({
      hostname: '127.0.0.1',
      port,
      idleTimeout: 0,
      ...(tls && { tls }),
      fetch(request) {
        const { pathname, searchParams: query } = new URL(request.url);
        requests.push({ path: pathname, query, authorization: request.headers.get('authorization') });
        if (instead) return instead();
        if (token !== undefined && request.headers.get('authorization') !== `Bearer ${token}`)
          return Response.json({ kind: 'Status', status: 'Failure', reason: 'Unauthorized', code: 401 }, { status: 401 });
        if (pathname !== `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`)
          return Response.json({ kind: 'Status', status: 'Failure', reason: 'Forbidden', code: 403 }, { status: 403 });
        const service = query.get('labelSelector')?.replace('kubernetes.io/service-name=', '') ?? '';
        if (query.get('watch') === '1') return watch(service);
        const all = [...slices.values()].filter((slice) => slice.service === service);
        const start = Number(query.get('continue') ?? 0);
        const end = start + Math.min(pageSize, Number(query.get('limit') ?? 500));
        return Response.json({
          kind: 'EndpointSliceList',
          apiVersion: 'discovery.k8s.io/v1',
          metadata: { resourceVersion: String(version), ...(end < all.length && { continue: String(end) }) },
          items: all.slice(start, end).map(objectOf),
        });
      },
    });
  let server = listen(0);
  const port = server.port!;
  const closeAll = () => {
    for (const { controller } of open) controller.close();
    open.clear();
  };
  return {
    url: server.url.href.replace(/\/$/, ''),
    requests,
    watches: () => open.size,
    apply(slice) {
      const type = slices.has(slice.name) ? 'MODIFIED' : 'ADDED';
      version++;
      slices.set(slice.name, slice);
      tell(slice.service, JSON.stringify({ type, object: objectOf(slice) }));
    },
    remove(name) {
      const slice = slices.get(name);
      if (!slice) return;
      version++;
      slices.delete(name);
      tell(slice.service, JSON.stringify({ type: 'DELETED', object: objectOf(slice) }));
    },
    expire() {
      tell(undefined, JSON.stringify({ type: 'ERROR', object: { kind: 'Status', status: 'Failure', reason: 'Expired', code: 410 } }));
      closeAll();
    },
    cut() {
      // Its connections break, without the mark at the end of a body.
      open.clear();
      void server.stop(true);
      server = listen(port);
    },
    say: (line) => tell(undefined, line),
    answerWith: (answer) => void (instead = answer),
    async stop() {
      closeAll();
      await server.stop(true);
    },
  };
};
