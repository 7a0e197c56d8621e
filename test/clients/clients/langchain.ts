import { ChatAnthropic } from '@langchain/anthropic';
import { HumanMessage, SystemMessage, ToolMessage, type AIMessage, type BaseMessage } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import type { WireId } from '../upstream/server.ts';
import type { Json } from '../upstream/wire.ts';
import { runTool, schemaOf, type Ask, type Client, type Problem, type Said } from './client.ts';

interface Variant {
  name: string;
  wire: WireId;
  showsThinking: boolean;
  keepsThoughts: boolean;
  miscounts?: string;
  /** What is said with each call. */
  options?: { include: ['reasoning.encrypted_content'] };
  model(ask: Ask): ChatOpenAI | ChatAnthropic;
}

const thinkingOf = ({ contentBlocks }: AIMessage): string =>
  contentBlocks.map((block) => (block.type === 'reasoning' ? block.reasoning : '')).join('');

const said = (message: AIMessage): Said => ({
  text: message.text,
  thinking: thinkingOf(message),
  calls: [],
  input: message.usage_metadata?.input_tokens,
  output: message.usage_metadata?.output_tokens,
});

const variantClient = ({ model, options: always, ...about }: Variant): Client => {
  type Runnable = Pick<ReturnType<Variant['model']>, 'invoke' | 'stream'>;
  const complete = async (runnable: Runnable, messages: BaseMessage[], { stream, signal, onText }: Ask): Promise<AIMessage> => {
    const options = { ...always, ...(signal && { signal }) };
    if (!stream) return runnable.invoke(messages, options);
    let whole: Awaited<ReturnType<Runnable['invoke']>> | undefined;
    for await (const chunk of await runnable.stream(messages, options)) {
      whole = whole === undefined ? chunk : whole.concat(chunk);
      if (chunk.text) onText?.(chunk.text);
    }
    if (!whole) throw new Error('an empty stream');
    return whole;
  };

  const messagesOf = ({ prompt, system }: Ask): BaseMessage[] => [
    ...(system === undefined ? [] : [new SystemMessage(system)]),
    new HumanMessage(prompt),
  ];

  return {
    ...about,
    problem(error): Problem {
      // The vendors' own errors, or LangChain's with some of their members.
      const { constructor: kind, message, status, requestID } = error as Error & { status?: number; requestID?: string };
      return { kind: kind.name, message, ...(status !== undefined && { status }), ...(requestID && { requestId: requestID }) };
    },
    ask: async (ask) => said(await complete(model(ask), messagesOf(ask), ask)),
    async converse(ask, tools) {
      const runnable = model(ask).bindTools(
        tools.map(({ name, description, parameters }) => ({
          type: 'function' as const,
          function: { name, description, parameters: schemaOf(parameters) },
        })),
      ) as Runnable;
      const messages = messagesOf(ask);
      const calls: Said['calls'] = [];
      for (;;) {
        const message = await complete(runnable, messages, ask);
        if (!message.tool_calls?.length) return { ...said(message), calls };
        messages.push(message);
        for (const { id, name, args } of message.tool_calls) {
          calls.push({ name, args });
          messages.push(new ToolMessage({ tool_call_id: id!, name, content: runTool(tools, name, args as Json) }));
        }
      }
    },
    async structured(ask, shape) {
      const runnable = model(ask).withStructuredOutput(shape, { method: 'jsonSchema' });
      if (!ask.stream) return runnable.invoke(messagesOf(ask));
      let last: unknown;
      for await (const partial of await runnable.stream(messagesOf(ask))) last = partial;
      return last;
    },
  };
};

/** LangChain's chat models over OpenAI's two formats and Anthropic's. */
export const langchainClients = (base: string, apiKey: string): Client[] => {
  const openai = { apiKey, maxRetries: 0, configuration: { baseURL: `${base}/v1` } };
  const variants: Variant[] = [
    {
      name: 'langchain: openai',
      wire: 'openai-chat',
      showsThinking: false,
      keepsThoughts: false,
      model: ({ model, think }) => new ChatOpenAI({ ...openai, model, ...(think && { reasoning: { effort: 'medium' } }) }),
    },
    {
      name: 'langchain: openai (responses)',
      wire: 'openai-responses',
      options: { include: ['reasoning.encrypted_content'] },
      showsThinking: true,
      keepsThoughts: true,
      model: ({ model, think }) =>
        new ChatOpenAI({
          ...openai,
          model,
          useResponsesApi: true,
          zdrEnabled: true,
          ...(think && { reasoning: { effort: 'medium', summary: 'auto' } }),
        }),
    },
    {
      name: 'langchain: anthropic',
      wire: 'anthropic-messages',
      miscounts: 'it takes the input from the first event, and adds the output of the first and the last',
      showsThinking: true,
      keepsThoughts: true,
      model: ({ model, think }) =>
        new ChatAnthropic({
          apiKey,
          anthropicApiUrl: base,
          maxRetries: 0,
          maxTokens: 4000,
          model,
          ...(think && { thinking: { type: 'enabled', budget_tokens: 2000 } }),
        }),
    },
  ];
  return variants.map(variantClient);
};
