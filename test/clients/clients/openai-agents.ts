import { Agent, OpenAIProvider, Runner, tool, type AgentInputItem } from '@openai/agents';
import OpenAI from 'openai';
import type { WireId } from '../upstream/server.ts';
import type { Json } from '../upstream/wire.ts';
import { runTool, type Ask, type Client, type Said, type Tool } from './client.ts';
import { openaiProblem } from './openai-problem.ts';
import type * as z from 'zod';

interface Variant {
  name: string;
  wire: WireId;
  useResponses: boolean;
  showsThinking: boolean;
  keepsThoughts: boolean;
}

/** Of the last turn. */
const thinkingOf = (items: AgentInputItem[]): string =>
  items
    .slice(items.findLastIndex(({ type }) => type === 'function_call_result') + 1)
    .flatMap((item) => (item.type === 'reasoning' ? [...item.content, ...(item.rawContent ?? [])] : []))
    .map(({ text }) => text)
    .join('');

const variantClient =
  (base: string, apiKey: string) =>
  ({ useResponses, ...about }: Variant): Client => {
    const runner = new Runner({
      modelProvider: new OpenAIProvider({ openAIClient: new OpenAI({ baseURL: `${base}/v1`, apiKey, maxRetries: 0 }), useResponses }),
      tracingDisabled: true,
    });

    const execute = async (ask: Ask, more: { tools?: readonly Tool[]; shape?: z.ZodObject; calls?: Said['calls'] }) => {
      const { model, prompt, system, stream, think, signal, onText } = ask;
      const agent = new Agent({
        name: 'assistant',
        model,
        instructions: system,
        modelSettings: {
          ...(think && { reasoning: { effort: 'medium', summary: 'auto' } }),
          ...(useResponses && { store: false, providerData: { include: ['reasoning.encrypted_content'] } }),
        },
        tools: (more.tools ?? []).map(({ name, description, parameters }) =>
          tool({
            name,
            description,
            parameters,
            execute: (args) => {
              more.calls?.push({ name, args });
              return runTool(more.tools!, name, args as Json);
            },
          }),
        ),
        ...(more.shape && { outputType: more.shape }),
      });
      const options = { maxTurns: 5, ...(signal && { signal }) };
      if (!stream) return runner.run(agent, prompt, options);
      const result = await runner.run(agent, prompt, { ...options, stream: true });
      for await (const piece of result.toTextStream()) onText?.(piece);
      await result.completed;
      signal?.throwIfAborted();
      return result;
    };

    type Result = Awaited<ReturnType<typeof execute>>;
    const saidOf = ({ finalOutput, rawResponses, output }: Result, calls: Said['calls']): Said => ({
      text: String(finalOutput),
      thinking: thinkingOf(output as AgentInputItem[]),
      calls,
      input: rawResponses.at(-1)?.usage.inputTokens,
      output: rawResponses.at(-1)?.usage.outputTokens,
    });

    return {
      ...about,
      problem: openaiProblem,
      ask: async (ask) => saidOf(await execute(ask, {}), []),
      async converse(ask, tools) {
        const calls: Said['calls'] = [];
        return saidOf(await execute(ask, { tools, calls }), calls);
      },
      structured: async (ask, shape) => (await execute(ask, { shape })).finalOutput,
    };
  };

/** OpenAI's Agents SDK, over both of OpenAI's formats. */
export const openaiAgentsClients = (base: string, apiKey: string): Client[] => {
  const variants: Variant[] = [
    { name: 'agents: chat', wire: 'openai-chat', useResponses: false, showsThinking: false, keepsThoughts: false },
    { name: 'agents: responses', wire: 'openai-responses', useResponses: true, showsThinking: true, keepsThoughts: true },
  ];
  return variants.map(variantClient(base, apiKey));
};
