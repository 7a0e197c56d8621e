import { Mistral } from '@mistralai/mistralai';
import type { ChatCompletionRequest, ToolCall } from '@mistralai/mistralai/models/components';
import { MistralError } from '@mistralai/mistralai/models/errors';
import type { Json } from '../upstream/wire.ts';
import { runTool, schemaOf, type Ask, type Client, type Said } from './client.ts';
import { join } from './deltas.ts';

type Content = string | readonly { type?: string; text?: string }[] | null | undefined;
const textOf = (content: Content): string =>
  typeof content === 'string' ? content : (content ?? []).map(({ type, text }) => (type === 'text' ? text : '')).join('');

const argsOf = ({ function: { arguments: args } }: ToolCall): Json => (typeof args === 'string' ? (JSON.parse(args) as Json) : args);

/** The `@mistralai/mistralai` package, which checks every answer against Mistral's schema. */
export const mistralClient = (serverURL: string, apiKey: string): Client => {
  const client = new Mistral({ serverURL, apiKey, retryConfig: { strategy: 'none' } });

  const bodyOf = ({ model, prompt, system, think }: Ask): ChatCompletionRequest => ({
    model,
    messages: [...(system === undefined ? [] : [{ role: 'system' as const, content: system }]), { role: 'user', content: prompt }],
    ...(think && { reasoningEffort: 'high' }),
  });

  type Answer = { toolCalls: ToolCall[]; said: Said };
  const complete = async (body: ChatCompletionRequest, { stream, signal, onText }: Ask): Promise<Answer> => {
    const options = { fetchOptions: { ...(signal && { signal }) } };
    if (!stream) {
      const { choices, usage } = await client.chat.complete(body, options);
      const { content, toolCalls } = choices[0]!.message!;
      const counts = { input: usage.promptTokens, output: usage.completionTokens };
      return { toolCalls: toolCalls ?? [], said: { text: textOf(content as Content), thinking: '', calls: [], ...counts } };
    }
    const chunks = await client.chat.stream(body, options);
    const { calls, ...said } = await join(
      chunks,
      ({ data: { choices, usage } }) => ({
        text: textOf(choices[0]?.delta.content as Content),
        calls: (choices[0]?.delta.toolCalls ?? []).map(({ index, id, function: { name, arguments: args } }) => ({
          index,
          id,
          name,
          args: typeof args === 'string' ? args : JSON.stringify(args),
        })),
        input: usage?.promptTokens,
        output: usage?.completionTokens,
      }),
      onText,
    );
    const toolCalls = calls.map(({ id, name, args }): ToolCall => ({ id, function: { name, arguments: JSON.stringify(args) } }));
    return { toolCalls, said: { ...said, calls: [] } };
  };

  return {
    name: 'mistral',
    wire: 'openai-chat',
    showsThinking: false,
    keepsThoughts: false,
    miscounts: 'OpenAI counts a stream for who asks, Mistral for everybody, and so it has no way to ask',
    kindOf: () => 'SDKError',
    problem(error) {
      if (!(error instanceof MistralError)) return { kind: (error as Error).constructor.name, message: String(error) };
      const requestId = error.headers.get('x-request-id');
      return { kind: error.constructor.name, status: error.statusCode, message: error.message, ...(requestId && { requestId }) };
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
        const { toolCalls, said } = await complete(body, ask);
        if (toolCalls.length === 0) return { ...said, calls };
        body.messages.push({ role: 'assistant', content: said.text, toolCalls });
        for (const call of toolCalls) {
          const { name } = call.function;
          const args = argsOf(call);
          calls.push({ name, args });
          body.messages.push({ role: 'tool', toolCallId: call.id, name, content: runTool(tools, name, args) });
        }
      }
    },
    async structured(ask, shape) {
      const jsonSchema = { name: 'answer', schemaDefinition: schemaOf(shape), strict: true };
      const body = { ...bodyOf(ask), responseFormat: { type: 'json_schema' as const, jsonSchema } };
      return JSON.parse((await complete(body, ask)).said.text) as unknown;
    },
  };
};
