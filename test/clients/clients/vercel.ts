import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, generateText, isStepCount, jsonSchema, Output, streamText, tool, type LanguageModel, type ToolSet } from 'ai';
import type { WireId } from '../upstream/server.ts';
import type { Json } from '../upstream/wire.ts';
import { schemaOf, type Ask, type Client, type Problem, type Said, type Tool } from './client.ts';

type ProviderOptions = NonNullable<Parameters<typeof generateText>[0]['providerOptions']>;

interface Variant {
  name: string;
  wire: WireId;
  showsThinking: boolean;
  keepsThoughts: boolean;
  model(id: string): LanguageModel;
  /** How thinking is asked for. */
  thinking: ProviderOptions;
}

const toolSet = (tools: readonly Tool[], calls: Said['calls']): ToolSet =>
  Object.fromEntries(
    tools.map(({ name, description, parameters, run }) => [
      name,
      tool({
        description,
        inputSchema: jsonSchema<Json>(schemaOf(parameters)),
        execute: async (args: Json) => {
          calls.push({ name, args });
          return run(args);
        },
      }),
    ]),
  );

const variantClient = ({ name, wire, showsThinking, keepsThoughts, model, thinking }: Variant): Client => {
  const run = async (ask: Ask, more: { tools?: ToolSet; output?: ReturnType<typeof Output.object> }) => {
    const options = {
      model: model(ask.model),
      prompt: ask.prompt,
      maxRetries: 0,
      stopWhen: isStepCount(5),
      ...(ask.system !== undefined && { system: ask.system }),
      ...(ask.think && { providerOptions: thinking }),
      ...(ask.signal && { abortSignal: ask.signal }),
      ...more,
    };
    if (!ask.stream) {
      const { text, finalStep, output } = await generateText(options);
      return { text, thinking: finalStep.reasoningText ?? '', usage: finalStep.usage, output: more.output && output };
    }
    let failure: unknown;
    const result = streamText({ ...options, onError: ({ error }) => void (failure = error) });
    let text = '';
    for await (const piece of result.textStream) {
      text += piece;
      ask.onText?.(piece);
    }
    if (failure !== undefined) throw failure;
    ask.signal?.throwIfAborted();
    const last = await result.finalStep;
    return { text, thinking: last.reasoningText ?? '', usage: last.usage, output: more.output && (await result.output) };
  };

  const said = ({ text, thinking: thought, usage }: Awaited<ReturnType<typeof run>>, calls: Said['calls']): Said => ({
    text,
    thinking: thought,
    calls,
    input: usage.inputTokens,
    output: usage.outputTokens,
  });

  return {
    name,
    wire,
    showsThinking,
    keepsThoughts,
    ask: async (ask) => said(await run(ask, {}), []),
    async converse(ask, tools) {
      const calls: Said['calls'] = [];
      return said(await run(ask, { tools: toolSet(tools, calls) }), calls);
    },
    structured: async (ask, shape) => (await run(ask, { output: Output.object({ schema: shape }) })).output,
    kindOf: () => 'APICallError',
    problem(error): Problem {
      if (!APICallError.isInstance(error))
        return { kind: (error as Error).constructor.name, message: JSON.stringify(error) + String(error) };
      const { statusCode, message, responseHeaders } = error;
      const requestId = responseHeaders?.['x-request-id'];
      return { kind: 'APICallError', status: statusCode, message, ...(requestId !== undefined && { requestId }) };
    },
  };
};

/** Vercel's AI SDK with each of its provider packages that has a base URL. */
export const vercelClients = (base: string, apiKey: string): Client[] => {
  const openai = createOpenAI({ baseURL: `${base}/v1`, apiKey });
  const anthropic = createAnthropic({ baseURL: `${base}/v1`, apiKey });
  const google = createGoogleGenerativeAI({ baseURL: `${base}/v1beta`, apiKey });
  const compatible = createOpenAICompatible({
    name: 'sluice',
    baseURL: `${base}/v1`,
    apiKey,
    includeUsage: true,
    supportsStructuredOutputs: true,
  });
  const variants: Variant[] = [
    {
      name: 'ai: openai (responses)',
      wire: 'openai-responses',
      showsThinking: true,
      keepsThoughts: true,
      model: (id) => openai(id),
      thinking: {
        openai: {
          forceReasoning: true,
          reasoningEffort: 'medium',
          reasoningSummary: 'auto',
          store: false,
          include: ['reasoning.encrypted_content'],
        },
      },
    },
    {
      name: 'ai: openai.chat',
      wire: 'openai-chat',
      showsThinking: false,
      keepsThoughts: false,
      model: (id) => openai.chat(id),
      thinking: { openai: { forceReasoning: true, reasoningEffort: 'medium' } },
    },
    {
      name: 'ai: anthropic',
      wire: 'anthropic-messages',
      showsThinking: true,
      keepsThoughts: true,
      model: (id) => anthropic(id),
      thinking: { anthropic: { thinking: { type: 'enabled', budgetTokens: 2000 } } },
    },
    {
      name: 'ai: google',
      wire: 'gemini',
      showsThinking: true,
      keepsThoughts: true,
      model: (id) => google(id),
      thinking: { google: { thinkingConfig: { includeThoughts: true, thinkingBudget: 2000 } } },
    },
    {
      name: 'ai: openai-compatible',
      wire: 'openai-chat',
      showsThinking: true,
      keepsThoughts: false,
      model: (id) => compatible(id),
      thinking: { sluice: { reasoningEffort: 'medium' } },
    },
  ];
  return variants.map(variantClient);
};
