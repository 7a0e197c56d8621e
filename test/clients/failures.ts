import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Client, ClientWire, Problem } from './clients/client.ts';
import { key, models, startGateway, type Gateway } from './gateway.ts';
import { startUpstream, type WireId } from './upstream/server.ts';

const problemOf = async (client: Client, pending: Promise<unknown>): Promise<Problem> =>
  pending.then(
    (answer) => {
      throw new Error(`no failure, but ${JSON.stringify(answer)}`);
    },
    (error: unknown) => client.problem(error),
  );

/** The class that a library has for a status, unless it says otherwise. */
const classes: Readonly<Record<number, string>> = {
  400: 'BadRequestError',
  401: 'AuthenticationError',
  404: 'NotFoundError',
  429: 'RateLimitError',
  500: 'InternalServerError',
};
const classOf = ({ kindOf }: Client, status: number): string => kindOf?.(status) ?? classes[status]!;

/** The type in the words of the client's format, where it has words of its own; OpenAI's shows the provider's. */
const types: Readonly<Partial<Record<ClientWire, Record<number, string>>>> = {
  'anthropic-messages': {
    400: 'invalid_request_error',
    401: 'authentication_error',
    404: 'not_found_error',
    429: 'rate_limit_error',
    500: 'api_error',
  },
  gemini: { 400: 'INVALID_ARGUMENT', 401: 'UNAUTHENTICATED', 404: 'NOT_FOUND', 429: 'RESOURCE_EXHAUSTED', 500: 'INTERNAL' },
};

/** What every client makes of what goes wrong. @param clientsOf those in front of the gateway at this address */
export const testFailures = (clientsOf: (base: string, key: string) => Client[]): void => {
  const upstream = startUpstream();
  let gateway: Gateway;
  beforeAll(async () => void (gateway = await startGateway(upstream.url)));
  afterAll(async () => {
    await gateway.stop();
    await upstream.stop();
  });

  const all = clientsOf('http://127.0.0.1:9', key);
  const clientNamed = (name: string, presented = key) => clientsOf(gateway.url, presented).find((client) => client.name === name)!;

  describe.each(all)('$name', ({ name, cannotLeave }) => {
    describe.each(Object.entries(models))('in front of %s', (model, wire: WireId) => {
      describe.each([false, true])('stream: %p', (stream) => {
        test.each([400, 401, 429, 500])('a %i of the provider is the library’s own error (FP-33, FP-72)', async (status) => {
          const client = clientNamed(name);
          const scene = upstream.scene({ failure: { status, message: `The provider says ${status}.` } });
          const problem = await problemOf(client, client.ask({ model, prompt: `Hello ${scene.mark}`, stream }));
          expect(problem).toMatchObject({ kind: classOf(client, status), status });
          expect(problem.message).toContain(`The provider says ${status}.`);
          // Gemini has no header for it.
          if (client.hidesRequestId === undefined && wire !== 'gemini') expect(problem.requestId).toBe('req_upstream_7');
          const type = types[client.wire]?.[status];
          if (problem.type !== undefined && client.wire !== wire && type !== undefined) expect(problem.type).toBe(type);
        });

        test.skipIf(cannotLeave !== undefined)('a client that leaves takes the provider along (FP-23)', async () => {
          const client = clientNamed(name);
          const scene = upstream.scene(stream ? { begins: 'The beginning of a long answer', ends: 'silence' } : 'silence');
          const controller = new AbortController();
          const begun = Promise.withResolvers<void>();
          const pending = client.ask({
            model,
            prompt: `Hello ${scene.mark}`,
            stream,
            signal: controller.signal,
            onText: () => begun.resolve(),
          });
          begun.promise.catch(() => {});
          pending.catch(begun.reject);
          if (stream) await begun.promise;
          else while (scene.seen.length === 0) await Bun.sleep(2);
          const leftAt = performance.now();
          controller.abort();
          expect(
            await pending.then(
              () => 'answered',
              () => 'left',
            ),
          ).toBe('left');
          while (scene.seen[0]!.leftAt === undefined && performance.now() - leftAt < 2000) await Bun.sleep(5);
          // 100 ms is the promise; another process and a shared machine need some more.
          expect(scene.seen[0]!.leftAt! - leftAt).toBeLessThan(500);
        });
      });

      test.each(['error', 'cut'] as const)('a stream that breaks (%s) is no answer', async (ends) => {
        const client = clientNamed(name);
        const scene = upstream.scene({ begins: 'The beginning of a long answer', ends });
        let text = '';
        const problem = await problemOf(
          client,
          client.ask({ model, prompt: `Hello ${scene.mark}`, stream: true, onText: (piece) => void (text += piece) }),
        );
        expect(problem.message.length).toBeGreaterThan(5);
        expect('The beginning of a long answer').toStartWith(text);
      });
    });

    test('a wrong key', async () => {
      const client = clientNamed(name, 'sk-wrong');
      const problem = await problemOf(client, client.ask({ model: 'the-chat-model', prompt: 'Hello', stream: false }));
      expect(problem).toMatchObject({ kind: classOf(client, 401), status: 401 });
      expect(problem.message).not.toContain('sk-wrong');
    });

    test('an unknown model', async () => {
      const client = clientNamed(name);
      const problem = await problemOf(client, client.ask({ model: 'the-chat-modell', prompt: 'Hello', stream: false }));
      expect(problem).toMatchObject({ kind: classOf(client, 404), status: 404 });
      expect(problem.message).toContain('the-chat-model');
    });
  });
};
