import { CohereClientV2, CohereError, type Cohere } from 'cohere-ai';
import type { Json } from '../upstream/wire.ts';
import { runTool, schemaOf, type Ask, type Client, type Said } from './client.ts';
import { join } from './deltas.ts';

type Request = Parameters<CohereClientV2['chat']>[0];
type Message = Cohere.AssistantMessageResponse;

const classes: Readonly<Record<number, string>> = {
  400: 'BadRequestError',
  401: 'UnauthorizedError',
  404: 'NotFoundError',
  429: 'TooManyRequestsError',
  500: 'InternalServerError',
};

/** The `cohere-ai` package, its second API. */
export const cohereClient = (environment: string, token: string): Client => {
  const client = new CohereClientV2({ environment, token });

  const requestOf = ({ model, prompt, system, think }: Ask): Request => ({
    model,
    messages: [...(system === undefined ? [] : [{ role: 'system' as const, content: system }]), { role: 'user', content: prompt }],
    ...(think && { thinking: { type: 'enabled', tokenBudget: 2000 } }),
  });

  const countsOf = (usage: Cohere.Usage | undefined) => ({ input: usage?.tokens?.inputTokens, output: usage?.tokens?.outputTokens });
  const contentOf = ({ content }: Message, kind: 'text' | 'thinking'): string =>
    (content ?? [])
      .map((part) => (part.type === 'thinking' ? kind === 'thinking' && part.thinking : kind === 'text' && part.text) || '')
      .join('');

  const complete = async (request: Request, { stream, signal, onText }: Ask): Promise<{ message: Message; said: Said }> => {
    const options = { maxRetries: 0, ...(signal && { abortSignal: signal }) };
    if (!stream) {
      const { message, usage } = await client.chat(request, options);
      const said = { text: contentOf(message, 'text'), thinking: contentOf(message, 'thinking'), calls: [], ...countsOf(usage) };
      return { message, said };
    }
    let ended = false;
    const parts: Cohere.AssistantMessageResponseContentItem[] = [];
    const { calls, ...said } = await join(
      await client.chatStream(request, options),
      (event) => {
        if (event.type === 'message-end') {
          ended = true;
          // How Cohere says that a stream broke.
          if (event.delta?.error) throw new Error(event.delta.error);
        }
        const message = 'delta' in event ? (event.delta as { message?: Json } | undefined)?.message : undefined;
        const content = message?.['content'] as { text?: string; thinking?: string } | undefined;
        if (event.type === 'content-start') parts[event.index!] = { ...content } as Cohere.AssistantMessageResponseContentItem;
        const open = event.type === 'content-delta' ? (parts[event.index!] as Record<string, string | undefined> | undefined) : undefined;
        if (open) for (const [name, piece] of Object.entries(content ?? {})) open[name] = (open[name] ?? '') + piece;
        const call = message?.['toolCalls'] as Partial<Cohere.ToolCallV2> | undefined;
        return {
          text: event.type === 'content-delta' ? content?.text : undefined,
          thinking: event.type === 'content-delta' ? content?.thinking : undefined,
          calls:
            call && 'index' in event
              ? [{ index: event.index, id: call.id, name: call.function?.name, args: call.function?.arguments }]
              : [],
          ...(event.type === 'message-end' && countsOf(event.delta?.usage)),
        };
      },
      onText,
    );
    signal?.throwIfAborted();
    if (!ended) throw new Error('the stream ended before its end');
    const message: Message = {
      role: 'assistant',
      content: parts,
      toolCalls: calls.map(({ id, name, args }) => ({ id, type: 'function', function: { name, arguments: JSON.stringify(args) } })),
    };
    return { message, said: { ...said, calls: [] } };
  };

  return {
    name: 'cohere',
    wire: 'cohere-chat',
    showsThinking: true,
    keepsThoughts: true,
    kindOf: (status) => classes[status]!,
    problem(error) {
      const { constructor: kind, message } = error as Error;
      if (!(error instanceof CohereError)) return { kind: kind.name, message };
      const requestId = error.rawResponse?.headers.get('x-request-id');
      return { kind: kind.name, message, status: error.statusCode, ...(requestId && { requestId }) };
    },
    ask: async (ask) => (await complete(requestOf(ask), ask)).said,
    async converse(ask, tools) {
      const request = requestOf(ask);
      request.tools = tools.map(({ name, description, parameters }) => ({
        type: 'function',
        function: { name, description, parameters: schemaOf(parameters) },
      }));
      const calls: Said['calls'] = [];
      for (;;) {
        const { message, said } = await complete(request, ask);
        if (!message.toolCalls?.length) return { ...said, calls };
        request.messages.push(message);
        for (const { id, function: made } of message.toolCalls) {
          const [name, args] = [made!.name!, JSON.parse(made!.arguments!) as Json];
          calls.push({ name, args });
          request.messages.push({ role: 'tool', toolCallId: id, content: runTool(tools, name, args) });
        }
      }
    },
    async structured(ask, shape) {
      const request: Request = { ...requestOf(ask), responseFormat: { type: 'json_object', jsonSchema: schemaOf(shape) } };
      return JSON.parse((await complete(request, ask)).said.text) as unknown;
    },
  };
};
