import Groq, { APIError } from 'groq-sdk';
import type { ChatCompletionCreateParamsNonStreaming, ChatCompletionMessage } from 'groq-sdk/resources/chat/completions';
import type { Json } from '../upstream/wire.ts';
import { runTool, schemaOf, type Ask, type Client, type Said } from './client.ts';
import { join } from './deltas.ts';

type Body = Omit<ChatCompletionCreateParamsNonStreaming, 'stream'>;

/** Groq's name for it, or that of other compatible vendors, which it hands on. */
const thinkingOf = (message: object): string => {
  const { reasoning, reasoning_content } = message as Record<string, string | null | undefined>;
  return reasoning ?? reasoning_content ?? '';
};

type Usage = { prompt_tokens: number; completion_tokens: number } | null;
const countsOf = (usage: Usage | undefined) => ({ input: usage?.prompt_tokens, output: usage?.completion_tokens });

/** The `groq-sdk` package. It asks under `/openai/v1` and has no helper for streams. */
export const groqClient = (baseURL: string, apiKey: string): Client => {
  const client = new Groq({ baseURL, apiKey, maxRetries: 0 });

  const bodyOf = ({ model, prompt, system, think }: Ask): Body => ({
    model,
    messages: [...(system === undefined ? [] : [{ role: 'system' as const, content: system }]), { role: 'user', content: prompt }],
    ...(think && { reasoning_effort: 'medium', reasoning_format: 'parsed' }),
  });

  type Message = Pick<ChatCompletionMessage, 'role' | 'content' | 'tool_calls'>;
  const complete = async (body: Body, { stream, signal, onText }: Ask): Promise<{ message: Message; said: Said }> => {
    if (!stream) {
      const { choices, usage } = await client.chat.completions.create(body, { signal });
      const { message } = choices[0]!;
      return { message, said: { text: message.content ?? '', thinking: thinkingOf(message), calls: [], ...countsOf(usage) } };
    }
    // Neither the question for usage nor OpenAI's place for it is in its types: Groq sends it unasked, in a place of its own.
    const options = { stream_options: { include_usage: true } };
    const chunks = await client.chat.completions.create({ ...body, ...options, stream: true }, { signal });
    const { calls, ...said } = await join(
      chunks,
      ({ choices: [choice], x_groq, ...rest }) => ({
        text: choice?.delta.content,
        thinking: thinkingOf(choice?.delta ?? {}),
        calls: choice?.delta.tool_calls?.map(({ index, id, function: made }) => ({ index, id, name: made?.name, args: made?.arguments })),
        ...countsOf(x_groq?.usage ?? (rest as { usage?: Usage }).usage),
      }),
      onText,
    );
    // Its streams end in silence when they are left.
    signal?.throwIfAborted();
    const tool_calls = calls.map(({ id, name, args }) => ({
      id,
      type: 'function' as const,
      function: { name, arguments: JSON.stringify(args) },
    }));
    const message: Message = { role: 'assistant', content: said.text || null, ...(tool_calls.length > 0 && { tool_calls }) };
    return { message, said: { ...said, calls: [] } };
  };

  return {
    name: 'groq',
    wire: 'openai-chat',
    showsThinking: true,
    keepsThoughts: false,
    problem(error) {
      if (!(error instanceof APIError)) return { kind: (error as Error).constructor.name, message: String(error) };
      const requestId = error.headers?.get('x-request-id');
      return { kind: error.constructor.name, status: error.status, message: error.message, ...(requestId && { requestId }) };
    },
    ask: async (ask) => (await complete(bodyOf(ask), ask)).said,
    async converse(ask, tools) {
      const body = bodyOf(ask);
      body.tools = tools.map(({ name, description, parameters }) => ({
        type: 'function',
        function: { name, description, parameters: schemaOf(parameters) },
      }));
      const calls: Said['calls'] = [];
      for (;;) {
        const { message, said } = await complete(body, ask);
        if (!message.tool_calls?.length) return { ...said, calls };
        const { content, tool_calls } = message;
        body.messages.push({ role: 'assistant', content, tool_calls });
        for (const { id, function: made } of tool_calls) {
          const args = JSON.parse(made.arguments) as Json;
          calls.push({ name: made.name, args });
          body.messages.push({ role: 'tool', tool_call_id: id, content: runTool(tools, made.name, args) });
        }
      }
    },
    async structured(ask, shape) {
      const format = { type: 'json_schema' as const, json_schema: { name: 'answer', schema: schemaOf(shape), strict: true } };
      return JSON.parse((await complete({ ...bodyOf(ask), response_format: format }, ask)).said.text) as unknown;
    },
  };
};
