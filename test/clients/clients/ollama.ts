import { Ollama, type ChatRequest, type ChatResponse, type Message } from 'ollama';
import type { Json } from '../upstream/wire.ts';
import { runTool, schemaOf, type Ask, type Client, type Said } from './client.ts';

/** The `ollama` package. */
export const ollamaClient = (host: string, apiKey: string): Client => {
  // A call is left by the signal of its `fetch`: the library's own `abort` is for streams alone.
  const clientFor = ({ signal }: Ask): Ollama =>
    new Ollama({
      host,
      headers: { Authorization: `Bearer ${apiKey}` },
      fetch: Object.assign(
        (input: Parameters<typeof fetch>[0], init?: RequestInit) => fetch(input, { ...init, ...(signal && { signal }) }),
        {
          preconnect: () => {},
        },
      ),
    });

  const requestOf = ({ model, prompt, system, think }: Ask): ChatRequest & { messages: Message[] } => ({
    model,
    messages: [...(system === undefined ? [] : [{ role: 'system', content: system }]), { role: 'user', content: prompt }],
    ...(think && { think: true }),
  });

  const complete = async (request: ChatRequest, ask: Ask): Promise<ChatResponse> => {
    const client = clientFor(ask);
    if (!ask.stream) return client.chat({ ...request, stream: false });
    let whole: ChatResponse | undefined;
    for await (const chunk of await client.chat({ ...request, stream: true })) {
      const { message: before } = whole ?? { message: { content: '' } as Message };
      const { content, thinking = '', tool_calls = [] } = chunk.message;
      const calls = [...(before.tool_calls ?? []), ...tool_calls];
      const message = { ...before, ...chunk.message, content: before.content + content, thinking: (before.thinking ?? '') + thinking };
      whole = { ...chunk, message: { ...message, ...(calls.length > 0 && { tool_calls: calls }) } };
      if (content) ask.onText?.(content);
    }
    ask.signal?.throwIfAborted();
    if (!whole?.done) throw new Error('the stream ended before its end');
    return whole;
  };

  const said = ({ message, prompt_eval_count, eval_count }: ChatResponse): Said => ({
    text: message.content,
    thinking: message.thinking ?? '',
    calls: [],
    input: prompt_eval_count,
    output: eval_count,
  });

  return {
    name: 'ollama',
    wire: 'ollama-chat',
    showsThinking: true,
    keepsThoughts: true,
    hidesRequestId: 'its errors have no headers',
    kindOf: () => 'ResponseError',
    problem(error) {
      const { name, message, status_code } = error as Error & { status_code?: number };
      return { kind: name, message, ...(status_code !== undefined && { status: status_code }) };
    },
    ask: async (ask) => said(await complete(requestOf(ask), ask)),
    async converse(ask, tools) {
      const request = requestOf(ask);
      request.tools = tools.map(({ name, description, parameters }) => ({
        type: 'function',
        function: { name, description, parameters: schemaOf(parameters) },
      }));
      const calls: Said['calls'] = [];
      for (;;) {
        const answer = await complete(request, ask);
        if (!answer.message.tool_calls?.length) return { ...said(answer), calls };
        request.messages.push(answer.message);
        for (const { function: made } of answer.message.tool_calls) {
          calls.push({ name: made.name, args: made.arguments });
          request.messages.push({ role: 'tool', tool_name: made.name, content: runTool(tools, made.name, made.arguments as Json) });
        }
      }
    },
    structured: async (ask, shape) => JSON.parse(said(await complete({ ...requestOf(ask), format: schemaOf(shape) }, ask)).text) as unknown,
  };
};
