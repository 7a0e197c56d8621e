/** What a fake manager heard. */
export interface Heard {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: string;
}

export interface FakeServer {
  url: string;
  requests: Heard[];
  /** Answers everything until it is told otherwise; undefined: as the manager does. */
  answerWith(answer: ((heard: Heard) => Response | Promise<Response>) | undefined): void;
  stop(): Promise<void>;
}

/** A server on loopback that answers as a manager does. */
export const startServer = (handle: (heard: Heard) => Response | Promise<Response>, tls?: Bun.TLSOptions): FakeServer => {
  const requests: Heard[] = [];
  let instead: ((heard: Heard) => Response | Promise<Response>) | undefined;
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    ...(tls && { tls }),
    async fetch(request) {
      // As it was sent: a decoded path hides what was escaped.
      const { pathname: path, searchParams: query } = new URL(request.url);
      const heard = { method: request.method, path, query, headers: request.headers, body: await request.text() };
      requests.push(heard);
      return (instead ?? handle)(heard);
    },
  });
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${server.port}`,
    requests,
    answerWith: (answer) => void (instead = answer),
    stop: () => server.stop(true),
  };
};

export const jsonOf = (body: string): Record<string, unknown> => {
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    return {};
  }
};
