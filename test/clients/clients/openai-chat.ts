import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import type { ChatCompletion, ChatCompletionCreateParamsNonStreaming, ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import type { Json } from '../upstream/wire.ts';
import { runTool, schemaOf, type Ask, type Client, type Said } from './client.ts';
import { openaiProblem } from './openai-problem.ts';

type Body = Omit<ChatCompletionCreateParamsNonStreaming, 'stream'>;

/** Not in OpenAI's types, and there all the same. */
const thinkingOf = (message: object): string => String((message as { reasoning_content?: string | null }).reasoning_content ?? '');

/** As programs do that keep what they know and drop the rest. */
const knownFields = ({ content, tool_calls }: ChatCompletion['choices'][number]['message']): ChatCompletionMessageParam => ({
  role: 'assistant',
  content,
  ...(tool_calls && {
    tool_calls: tool_calls.flatMap((call) =>
      call.type === 'function'
        ? [{ id: call.id, type: call.type, function: { name: call.function.name, arguments: call.function.arguments } }]
        : [],
    ),
  }),
});

/**
 * The `openai` package, chat completions. Streams are put together by its own helper.
 * @param keeps messages go back as they came, with what OpenAI's types do not know
 */
export const openaiChatClient = (baseURL: string, apiKey: string, keeps: boolean): Client => {
  const client = new OpenAI({ baseURL: `${baseURL}/v1`, apiKey, maxRetries: 0 });

  const bodyOf = ({ model, prompt, system, think }: Ask): Body => ({
    model,
    messages: [...(system === undefined ? [] : [{ role: 'system' as const, content: system }]), { role: 'user', content: prompt }],
    ...(think && { reasoning_effort: 'medium' }),
  });

  const complete = async (body: Body, { stream, signal, onText }: Ask): Promise<{ answer: ChatCompletion; thinking: string }> => {
    if (!stream) {
      const answer = await client.chat.completions.create(body, { signal });
      return { answer, thinking: thinkingOf(answer.choices[0]!.message) };
    }
    const events = client.chat.completions.stream({ ...body, stream_options: { include_usage: true } }, { signal });
    // Of a member that it does not know the helper keeps the last piece, so programs that show thoughts join them themselves.
    let thinking = '';
    events.on('chunk', ({ choices }) => void (thinking += thinkingOf(choices[0]?.delta ?? {})));
    if (onText) events.on('content', onText);
    return { answer: await events.finalChatCompletion(), thinking };
  };

  const said = ({ answer: { choices, usage }, thinking }: Awaited<ReturnType<typeof complete>>): Said => ({
    text: choices[0]!.message.content ?? '',
    thinking,
    calls: [],
    input: usage?.prompt_tokens,
    output: usage?.completion_tokens,
  });

  return {
    name: keeps ? 'openai: chat' : 'openai: chat, known fields only',
    wire: 'openai-chat',
    showsThinking: true,
    keepsThoughts: keeps,
    problem: openaiProblem,
    ask: async (ask) => said(await complete(bodyOf(ask), ask)),
    async converse(ask, tools) {
      const body = bodyOf(ask);
      body.tools = tools.map(({ name, description, parameters }) => ({
        type: 'function',
        function: { name, description, parameters: schemaOf(parameters) },
      }));
      const calls: Said['calls'] = [];
      for (;;) {
        const answer = await complete(body, ask);
        const { message, finish_reason } = answer.answer.choices[0]!;
        if (finish_reason !== 'tool_calls') return { ...said(answer), calls };
        body.messages.push(keeps ? message : knownFields(message));
        for (const call of message.tool_calls ?? []) {
          if (call.type !== 'function') throw new Error(`a call of kind ${call.type}`);
          const args = JSON.parse(call.function.arguments) as Json;
          calls.push({ name: call.function.name, args });
          body.messages.push({ role: 'tool', tool_call_id: call.id, content: runTool(tools, call.function.name, args) });
        }
      }
    },
    async structured(ask, shape) {
      const body = { ...bodyOf(ask), response_format: zodResponseFormat(shape, 'answer') };
      const answer = ask.stream
        ? await client.chat.completions.stream(body).finalChatCompletion()
        : await client.chat.completions.parse(body);
      return answer.choices[0]!.message.parsed;
    },
  };
};
