import Anthropic, { APIError } from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import type { Message, MessageCreateParamsNonStreaming } from '@anthropic-ai/sdk/resources/messages';
import type { Json } from '../upstream/wire.ts';
import { runTool, schemaOf, type Ask, type Client, type Said } from './client.ts';

/** The `@anthropic-ai/sdk` package. */
export const anthropicClient = (baseURL: string, apiKey: string): Client => {
  const client = new Anthropic({ baseURL, apiKey, maxRetries: 0 });

  const bodyOf = ({ model, prompt, system, think }: Ask): MessageCreateParamsNonStreaming => ({
    model,
    max_tokens: 4000,
    messages: [{ role: 'user', content: prompt }],
    ...(system !== undefined && { system }),
    ...(think && { thinking: { type: 'enabled', budget_tokens: 2000 } }),
  });

  const complete = async (body: MessageCreateParamsNonStreaming, { stream, signal, onText }: Ask): Promise<Message> => {
    if (!stream) return client.messages.create(body, { signal });
    const events = client.messages.stream(body, { signal });
    if (onText) events.on('text', onText);
    return events.finalMessage();
  };

  const said = ({ content, usage }: Message): Said => ({
    text: content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join(''),
    thinking: content.flatMap((block) => (block.type === 'thinking' ? [block.thinking] : [])).join('\n'),
    calls: [],
    // Anthropic counts what the cache gave apart.
    input: usage.input_tokens + (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0),
    output: usage.output_tokens,
  });

  return {
    name: 'anthropic: messages',
    wire: 'anthropic-messages',
    showsThinking: true,
    keepsThoughts: true,
    problem(error) {
      if (!(error instanceof APIError)) return { kind: (error as Error).constructor.name, message: String(error) };
      const { status, type, message, requestID } = error;
      return { kind: error.constructor.name, status, type: type ?? undefined, message, ...(requestID && { requestId: requestID }) };
    },
    ask: async (ask) => said(await complete(bodyOf(ask), ask)),
    async converse(ask, tools) {
      const body = bodyOf(ask);
      body.tools = tools.map(({ name, description, parameters }) => ({
        name,
        description,
        input_schema: { type: 'object', ...schemaOf(parameters) },
      }));
      const calls: Said['calls'] = [];
      for (;;) {
        const answer = await complete(body, ask);
        if (answer.stop_reason !== 'tool_use') return { ...said(answer), calls };
        body.messages.push({ role: 'assistant', content: answer.content });
        const results = answer.content.flatMap((block) => {
          if (block.type !== 'tool_use') return [];
          calls.push({ name: block.name, args: block.input });
          return [{ type: 'tool_result' as const, tool_use_id: block.id, content: runTool(tools, block.name, block.input as Json) }];
        });
        body.messages.push({ role: 'user', content: results });
      }
    },
    async structured(ask, shape) {
      const body = { ...bodyOf(ask), output_config: { format: zodOutputFormat(shape) } };
      const answer = ask.stream ? await client.messages.stream(body).finalMessage() : await client.messages.parse(body);
      return answer.parsed_output;
    },
  };
};
