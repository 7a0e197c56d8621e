import type { ChatMessage } from '@llamaindex/core/llms';
import { OpenAI } from '@llamaindex/openai';
import { runTool, schemaOf, type Ask, type Client, type Said } from './client.ts';
import { openaiProblem } from './openai-problem.ts';

interface Raw {
  usage?: { prompt_tokens: number; completion_tokens: number } | null;
}

/** LlamaIndex.TS with its OpenAI package, whose `exec` runs the tools. */
export const llamaindexClient = (base: string, apiKey: string): Client => {
  const modelOf = ({ model, think, stream }: Ask): OpenAI =>
    new OpenAI({
      model,
      apiKey,
      baseURL: `${base}/v1`,
      maxRetries: 0,
      ...(think && { reasoningEffort: 'medium' }),
      additionalChatOptions: {
        // It knows by OpenAI's names alone which models take none, and has a default.
        ...({ temperature: undefined } as object),
        ...(stream && { stream_options: { include_usage: true } }),
      },
    });

  const messagesOf = ({ prompt, system }: Ask): ChatMessage[] => [
    ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
    { role: 'user', content: prompt },
  ];

  const saidOf = (text: string, raw: Raw | null): Said => ({
    text,
    thinking: '',
    calls: [],
    input: raw?.usage?.prompt_tokens,
    output: raw?.usage?.completion_tokens,
  });

  const complete = async (ask: Ask, responseFormat?: object): Promise<Said> => {
    const [llm, messages] = [modelOf(ask), messagesOf(ask)];
    if (!ask.stream) {
      const { message, raw } = await llm.chat({ messages, responseFormat });
      return saidOf(String(message.content), raw as Raw);
    }
    let text = '';
    let last: Raw | null = null;
    for await (const { delta, raw } of await llm.chat({ messages, responseFormat, stream: true })) {
      text += delta;
      last = raw as Raw;
      if (delta !== '') ask.onText?.(delta);
    }
    return saidOf(text, last);
  };

  return {
    name: 'llamaindex: openai',
    wire: 'openai-chat',
    showsThinking: false,
    keepsThoughts: false,
    cannotLeave: 'its chat takes no signal',
    manglesResults: 'it writes them as JSON, and takes the quotes out',
    problem: openaiProblem,
    ask: (ask) => complete(ask),
    async converse(ask, tools) {
      const calls: Said['calls'] = [];
      const messages = messagesOf(ask);
      const llm = modelOf(ask);
      const bound = tools.map(({ name, description, parameters }) => ({
        metadata: { name, description, parameters: schemaOf(parameters) },
        call: (args: Record<string, unknown>) => {
          calls.push({ name, args });
          return runTool(tools, name, args);
        },
      }));
      for (;;) {
        const turn = ask.stream
          ? await llm.exec({ messages, tools: bound, stream: true })
          : await llm.exec({ messages, tools: bound, stream: false });
        if ('stream' in turn) for await (const { delta } of turn.stream) ask.onText?.(delta);
        const added = typeof turn.newMessages === 'function' ? turn.newMessages() : turn.newMessages;
        messages.push(...added);
        if (turn.toolCalls.length === 0) return { ...saidOf(String(added.at(-1)!.content), null), calls };
      }
    },
    structured: async (ask, shape) => JSON.parse((await complete(ask, shape)).text) as unknown,
  };
};
