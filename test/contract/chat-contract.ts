import { describe, expect, test } from 'bun:test';
import {
  exchange,
  frameSse,
  protocolOf,
  providers,
  SluiceError,
  targetOf,
  type Answer,
  type ChatRequest,
  type ChatResult,
  type JsonObject,
  type Provider,
  type Target,
} from 'sluice/kit';
import { chooseSpeaks } from '../../sdk/src/providers/choose.ts';
import { createProviders } from '../../sdk/src/providers/registry.ts';
import { collectStream, createFakeUpstream, vendorOf, type FakeUpstream, type Reply, type Seen } from './upstream.ts';
import { scenarios } from './scenarios.ts';

/** The formats that clients speak. */
const clientFormats = ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini', 'cohere-chat'] as const;

/** What a client's format has no words for. */
const unsaid: Readonly<Partial<Record<(typeof clientFormats)[number], Readonly<Record<string, string>>>>> = {
  'cohere-chat': { 'one certain tool': 'it can ask for some tool; for a certain one it offers no other' },
};

export interface ContractOptions {
  /** Scenario -> why this provider cannot do it. */
  skip?: Readonly<Record<string, string>>;
  /** What its answers, or its streams, do not tell: why they ended, or how many tokens they took. Its own tests show what they do tell. */
  untold?: readonly ('finish' | 'usage')[];
  model?: string;
  /** Where one of no use would be made up: an address that says more (Vertex AI's project). */
  baseUrl?: string;
  /** In place of an address: what makes one (Bedrock's region). */
  options?: Readonly<Record<string, unknown>>;
  /** It is not the one that is built in: its tokens come from a fake. */
  made?: boolean;
  /** Where a key has a form of its own (SAP's is JSON). */
  apiKey?: string;
  /** Its key signs requests and is in none. */
  signs?: boolean;
}

export const key = 'sk-canary-5d41402abc4b2a76b9719d911017c592';

const targetFor = (provider: Provider, model: string, { baseUrl, options, made, apiKey = key }: ContractOptions): Target => {
  const address = baseUrl ?? (provider.baseUrl || options ? undefined : 'http://127.0.0.1:9/v1');
  return targetOf(
    { model, provider: provider.id, apiKey, ...(address !== undefined && { baseUrl: address }), ...(options && { options }) },
    // A provider that is not built in comes beside those that are.
    { providers: !made && providers.find(provider.id) ? providers : createProviders([provider]), env: {} },
  );
};

/** The client's body, written by its own format. */
const bodyOf = (formatId: string, request: Partial<ChatRequest> & Pick<ChatRequest, 'messages'>, stream: boolean): JsonObject => {
  const full: ChatRequest = { model: 'm', stream, unknown: {}, ...(stream && { includeUsage: true }), ...request };
  return protocolOf(formatId).request.toWire(full, {
    model: 'm',
    provider: 'test',
    from: formatId,
    traits: { jsonSchema: true },
    quirks: {},
    dropParams: false,
    drop: () => {},
    lacks: (parameter) => {
      throw new Unwritable(parameter);
    },
  }).body;
};

class Unwritable extends Error {}

const call = async (
  target: Target,
  formatId: string,
  request: Parameters<typeof bodyOf>[1],
  stream: boolean,
  upstream: FakeUpstream,
  signal?: AbortSignal,
): Promise<Answer> => {
  const format = protocolOf(formatId);
  const body = bodyOf(formatId, request, stream);
  const path = formatId === 'gemini' ? { model: 'm', stream } : undefined;
  return exchange(
    { format, body, stream, target, ...(path && { path }) },
    { transport: upstream.transport, ...(signal && { signal }), dropParams: true },
  );
};

const readAnswer = async (answer: Answer, formatId: string): Promise<ChatResult> => {
  if (answer.kind === 'whole') return protocolOf(formatId).response.fromWire(answer.json());
  let text = '';
  for (let chunk = await answer.read(); chunk !== undefined; chunk = await answer.read()) {
    text += chunk instanceof Uint8Array ? new TextDecoder().decode(chunk) : frameSse(chunk);
  }
  if (answer.failure) throw answer.failure;
  return collectStream(formatId, text);
};

/** What must survive of an answer. */
const essence = ({ candidates, usage }: ChatResult, untold: readonly string[]) => ({
  text: candidates[0]!.content.map((part) => (part.type === 'text' ? part.text : '')).join(''),
  calls: candidates[0]!.content.flatMap((part) =>
    part.type === 'tool-call' ? [{ name: part.name, arguments: JSON.parse(part.arguments || '{}') as unknown }] : [],
  ),
  ...(!untold.includes('finish') && { finish: candidates[0]!.finishReason.replace('stop-sequence', 'stop') }),
  ...(!untold.includes('usage') && { input: usage?.inputTokens, output: usage?.outputTokens }),
});

/** What must survive of a request, as the provider's own protocol reads it. */
const asked = ({ messages, tools, toolChoice, maxOutputTokens, stop }: ChatRequest) => ({
  // Empty ones say nothing (ChatGPT must have instructions).
  system: messages
    .filter(({ role }) => role === 'system' || role === 'developer')
    .map((message) => textOf(message.content))
    .filter((text) => text !== ''),
  turns: joinResults(
    messages.filter(({ role }) => role !== 'system' && role !== 'developer').map(({ role, content }) => `${role}: ${textOf(content)}`),
  ),
  tools: (tools ?? []).filter(({ name }) => name !== 'json_tool_call').map(({ name }) => name),
  toolChoice:
    toolChoice?.type === 'allowed' && toolChoice.names.length === 1
      ? { type: 'tool', name: toolChoice.names[0] }
      : toolChoice?.type === 'tool'
        ? { type: 'tool', name: toolChoice.name }
        : toolChoice,
  maxOutputTokens,
  stop,
});

/** One message with two results, or two with one: formats differ, and it is the same. */
const joinResults = (turns: string[]): string[] =>
  turns.reduce<string[]>((joined, turn) => {
    const before = joined.at(-1);
    if (turn.startsWith('tool: ') && before?.startsWith('tool: ')) joined[joined.length - 1] = `${before}|${turn.slice('tool: '.length)}`;
    else joined.push(turn);
    return joined;
  }, []);

const textOf = (content: ChatRequest['messages'][number]['content']): string =>
  content
    .map((part) => {
      if (part.type === 'text') return part.text;
      if (part.type === 'tool-call') return `${part.name}(${JSON.stringify(JSON.parse(part.arguments || '{}'))})`;
      if (part.type === 'tool-result') return `-> ${textOf(part.content)}`;
      return part.type;
    })
    .join('|');

/** What every provider must do, in front of every client's format, whole and streamed. Gaps carry a reason. */
export const chatContract = (
  provider: Provider,
  { skip = {}, untold = [], model = 'some-model', ...where }: ContractOptions = {},
): void => {
  const target = () => targetFor(provider, model, where);
  const speaksTo = (formatId: string) => chooseSpeaks(provider, target().model, formatId).speaks;
  const upstreamProtocol = (formatId: string): string => speaksTo(formatId).protocol;
  const upstreamFor = (formatId: string, reply: (seen: Seen) => Reply) => createFakeUpstream(upstreamProtocol(formatId), reply);

  describe(model === 'some-model' ? provider.id : `${provider.id}/${model}`, () => {
    for (const formatId of clientFormats) {
      for (const stream of [false, true]) {
        describe(`${formatId}${stream ? ', streamed' : ''}`, () => {
          for (const { name, request, answer } of scenarios) {
            const reason = unsaid[formatId]?.[name] ?? skip[name];
            test.skipIf(reason !== undefined)(reason === undefined ? name : `${name} (skipped: ${reason})`, async () => {
              const upstream = upstreamFor(formatId, () => answer);
              const got = await readAnswer(await call(target(), formatId, request, stream, upstream), formatId);
              expect(essence(got, untold)).toEqual(essence(answer, untold));

              const { request: sent, headers, url } = upstream.seen[0]!;
              const wanted = asked({ model: 'm', stream, unknown: {}, ...request });
              const read = asked(sent);
              expect(read.turns).toEqual(wanted.turns);
              expect(read.system).toEqual(wanted.system);
              expect(read.tools).toEqual(wanted.tools);
              if (wanted.toolChoice && wanted.toolChoice.type !== 'auto') expect(read.toolChoice).toEqual(wanted.toolChoice);
              if (wanted.maxOutputTokens) expect(read.maxOutputTokens).toBe(wanted.maxOutputTokens);
              // The key goes into a header, and never into the URL (FP-26).
              expect(url).not.toContain(key);
              if (provider.auth.kind !== 'none')
                expect(Object.values(headers).join('\n')).toContain(where.signs ? 'Signature version=' : key);
            });
          }
        });
      }

      describe(`${formatId}, failures`, () => {
        const hello = { messages: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hello' }] }] };
        const { protocol, errors: vendor = protocol } = speaksTo(formatId);
        const { errors } = vendorOf(vendor);

        test.each([
          ['authentication', 401],
          ['permission_denied', 403],
          ['not_found', 404],
          ['rate_limited', 429],
          ['internal', 500],
          ['unavailable', 503],
        ] as const)('FP-33: %s keeps its status %i, message and wait', async (code, status) => {
          const { body } = errors.toWire(new SluiceError(code, `the provider says no (${where.signs ? '' : key})`, { status }));
          const upstream = upstreamFor(formatId, () => ({ status, headers: { 'retry-after': '7', 'x-request-id': 'req-7' }, body }));
          for (const stream of [false, true]) {
            const failure = await call(target(), formatId, hello, stream, upstream).then(
              () => undefined,
              (error: unknown) => error,
            );
            expect(failure).toMatchObject({ code, status, provider: provider.id, retryAfterMs: 7000, upstream: { requestId: 'req-7' } });
            const wire = protocolOf(formatId).errors.toWire(failure as SluiceError);
            expect(wire.status).toBe(status);
            expect(JSON.stringify(wire.body)).toContain('the provider says no');
            // A provider that echoes the key must not give it away (FP-26).
            expect(JSON.stringify(wire.body)).not.toContain(key);
          }
        });

        test('an answer that is not JSON', async () => {
          const upstream = upstreamFor(formatId, () => ({
            status: 200,
            headers: { 'content-type': 'text/html' },
            body: '<html>maintenance</html>',
          }));
          expect(call(target(), formatId, hello, false, upstream)).rejects.toMatchObject({ code: 'invalid_response', status: 502 });
        });

        test('FP-23: leaving reaches the provider', async () => {
          const upstream = upstreamFor(formatId, () => 'hang');
          const controller = new AbortController();
          const pending = call(target(), formatId, hello, false, upstream, controller.signal);
          pending.catch(() => {});
          // A signature takes a moment.
          for (let at = 0; at < 200 && upstream.signals.length === 0; at++) await Bun.sleep(1);
          controller.abort();
          expect(pending).rejects.toMatchObject({ code: 'client_closed_request' });
          await pending.catch(() => {});
          expect(upstream.signals[0]?.aborted).toBe(true);
        });

        test('an unknown parameter goes through', async () => {
          const upstream = upstreamFor(formatId, () => scenarios[0]!.answer);
          await call(target(), formatId, { ...hello, unknown: { vendor_novelty: { level: 3 } } }, false, upstream);
          const { body, request } = upstream.seen[0]!;
          // Bedrock, Replicate and SageMaker have a place of their own for what only the model knows.
          const own = (body['additionalModelRequestFields'] ?? body['input'] ?? body['parameters']) as JsonObject | undefined;
          expect({ ...body, ...(typeof own === 'object' && own), ...request.unknown }['vendor_novelty']).toEqual({ level: 3 });
        });
      });
    }
  });
};
