import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  type ContentBlock,
  type ConverseCommandInput,
  type Message,
  type TokenUsage,
} from '@aws-sdk/client-bedrock-runtime';
import type { Json } from '../upstream/wire.ts';
import { runTool, schemaOf, type Ask, type Client, type Said } from './client.ts';

const classes: Readonly<Record<number, string>> = {
  400: 'ValidationException',
  401: 'UnrecognizedClientException',
  404: 'ResourceNotFoundException',
  429: 'ThrottlingException',
  500: 'InternalServerException',
};

type Input = ConverseCommandInput & { messages: Message[] };

interface Answer {
  content: ContentBlock[];
  stopReason: string | undefined;
  usage: TokenUsage | undefined;
}

/** A block of a stream, while its pieces come. */
interface Open {
  text?: string;
  tool?: { toolUseId: string; name: string; input: string };
  thought?: { text: string; signature?: string };
  redacted?: Uint8Array[];
}

const closed = ({ text, tool, thought, redacted }: Open): ContentBlock => {
  if (tool) return { toolUse: { toolUseId: tool.toolUseId, name: tool.name, input: JSON.parse(tool.input || '{}') as never } };
  if (redacted) return { reasoningContent: { redactedContent: Buffer.concat(redacted) } };
  return thought ? { reasoningContent: { reasoningText: thought } } : { text: text ?? '' };
};

/** AWS's SDK, with Converse. */
export const bedrockClient = (endpoint: string, token: string): Client => {
  const client = new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint,
    token: { token },
    authSchemePreference: ['httpBearerAuth'],
    maxAttempts: 1,
  });

  const inputOf = ({ model, prompt, system, think }: Ask): Input => ({
    modelId: model,
    messages: [{ role: 'user', content: [{ text: prompt }] }],
    ...(system !== undefined && { system: [{ text: system }] }),
    ...(think && { additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 2000 } } }),
  });

  const complete = async (input: Input, { stream, signal, onText }: Ask): Promise<Answer> => {
    const options = { ...(signal && { abortSignal: signal }) };
    if (!stream) {
      const { output, stopReason, usage } = await client.send(new ConverseCommand(input), options);
      return { content: output?.message?.content ?? [], stopReason, usage };
    }
    const answer: Answer = { content: [], stopReason: undefined, usage: undefined };
    const blocks: Open[] = [];
    for await (const event of (await client.send(new ConverseStreamCommand(input), options)).stream ?? []) {
      const start = event.contentBlockStart;
      const tool = start?.start?.toolUse;
      if (tool) blocks[start.contentBlockIndex!] = { tool: { toolUseId: tool.toolUseId!, name: tool.name!, input: '' } };
      const { delta, contentBlockIndex } = event.contentBlockDelta ?? {};
      if (delta) {
        const open = (blocks[contentBlockIndex!] ??= {});
        const { text, signature, redactedContent } = delta.reasoningContent ?? {};
        if (delta.text !== undefined) {
          open.text = (open.text ?? '') + delta.text;
          onText?.(delta.text);
        }
        if (delta.toolUse && open.tool) open.tool.input += delta.toolUse.input ?? '';
        if (redactedContent) (open.redacted ??= []).push(redactedContent);
        else if (delta.reasoningContent) {
          open.thought ??= { text: '' };
          open.thought.text += text ?? '';
          if (signature !== undefined) open.thought.signature = (open.thought.signature ?? '') + signature;
        }
      }
      answer.stopReason = event.messageStop?.stopReason ?? answer.stopReason;
      answer.usage = event.metadata?.usage ?? answer.usage;
    }
    signal?.throwIfAborted();
    if (answer.stopReason === undefined) throw new Error('the stream ended before its end');
    return { ...answer, content: blocks.filter(Boolean).map(closed) };
  };

  const said = ({ content, usage }: Answer): Said => ({
    text: content.map(({ text }) => text ?? '').join(''),
    thinking: content.map(({ reasoningContent }) => reasoningContent?.reasoningText?.text ?? '').join(''),
    calls: [],
    // As Anthropic, Bedrock counts what the cache gave apart.
    input: usage && usage.inputTokens! + (usage.cacheReadInputTokens ?? 0) + (usage.cacheWriteInputTokens ?? 0),
    output: usage?.outputTokens,
  });

  return {
    name: 'aws: bedrock converse',
    wire: 'bedrock-converse',
    showsThinking: true,
    keepsThoughts: true,
    hidesRequestId: 'x-amzn-requestid is the gateway’s own',
    kindOf: (status) => classes[status]!,
    problem(error) {
      const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number; requestId?: string } };
      const { httpStatusCode: status, requestId } = $metadata ?? {};
      return { kind: name, message, ...(status !== undefined && { status }), ...(requestId !== undefined && { requestId }) };
    },
    ask: async (ask) => said(await complete(inputOf(ask), ask)),
    async converse(ask, tools) {
      const input = inputOf(ask);
      input.toolConfig = {
        tools: tools.map(({ name, description, parameters }) => ({
          toolSpec: { name, description, inputSchema: { json: schemaOf(parameters) as never } },
        })),
      };
      const calls: Said['calls'] = [];
      for (;;) {
        const answer = await complete(input, ask);
        if (answer.stopReason !== 'tool_use') return { ...said(answer), calls };
        input.messages.push({ role: 'assistant', content: answer.content });
        const results = answer.content.flatMap(({ toolUse }): ContentBlock[] => {
          if (!toolUse) return [];
          const { toolUseId, name = '', input: args } = toolUse;
          calls.push({ name, args });
          return [{ toolResult: { toolUseId, content: [{ text: runTool(tools, name, args as Json) }] } }];
        });
        input.messages.push({ role: 'user', content: results });
      }
    },
    async structured(ask, shape) {
      const jsonSchema = { name: 'answer', schema: JSON.stringify(schemaOf(shape)) };
      const outputConfig = { textFormat: { type: 'json_schema' as const, structure: { jsonSchema } } };
      return JSON.parse(said(await complete({ ...inputOf(ask), outputConfig }, ask)).text) as unknown;
    },
  };
};
