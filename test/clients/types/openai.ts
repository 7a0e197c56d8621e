/*
 * Programs written for the `openai` package move over as they are: its types go into `completion`, and what comes out goes
 * where its types are wanted. Compiled, never run.
 */
import type OpenAI from 'openai';
import {
  completion,
  embedding,
  responses,
  textCompletion,
  type ChatCompletion,
  type ChatCompletionChunk,
  type CompletionRequest,
} from 'sluice';

export const asks = async (
  whole: OpenAI.ChatCompletionCreateParamsNonStreaming,
  streamed: OpenAI.ChatCompletionCreateParamsStreaming,
  either: OpenAI.ChatCompletionCreateParams,
): Promise<void> => {
  const answer: OpenAI.ChatCompletion = await completion(whole);
  const chunks: AsyncIterable<OpenAI.ChatCompletionChunk> = await completion(streamed);
  const one: OpenAI.ChatCompletion | AsyncIterable<OpenAI.ChatCompletionChunk> = await completion(either);
  void [answer, chunks, one];
};

/** Our options stand beside OpenAI's members. */
export const withOptions = (whole: OpenAI.ChatCompletionCreateParamsNonStreaming): Promise<OpenAI.ChatCompletion> =>
  completion({ ...whole, model: 'anthropic/claude-sonnet-4-5', apiKey: 'sk-x', timeoutMs: 1000, maxRetries: 0 });

/** A vendor's new parameter needs no release of ours. */
export const novelty = (): Promise<ChatCompletion> =>
  completion({ model: 'groq/llama-3.3-70b-versatile', messages: [{ role: 'user', content: 'Hello' }], vendor_novelty: { level: 3 } });

/** A conversation goes on: messages of answers are messages of requests, across both packages. */
export const goesOn = async (messages: OpenAI.ChatCompletionMessageParam[], tools: OpenAI.ChatCompletionTool[]): Promise<void> => {
  const { choices } = await completion({ model: 'openai/gpt-4o', messages, tools });
  messages.push(choices[0]!.message);
  for (const call of choices[0]!.message.tool_calls ?? []) {
    if (call.type === 'function') messages.push({ role: 'tool', tool_call_id: call.id, content: call.function.arguments });
  }
  const again: CompletionRequest['messages'] = messages;
  void again;
};

/** Our answers where OpenAI's are wanted. */
export const answer = (value: ChatCompletion): OpenAI.ChatCompletion => value;
export const chunk = (value: ChatCompletionChunk): OpenAI.ChatCompletionChunk => value;
/** And OpenAI's where ours are. */
export const usage = (value: OpenAI.CompletionUsage): ChatCompletion['usage'] => value;

export const others = async (
  text: OpenAI.CompletionCreateParamsNonStreaming,
  vectors: OpenAI.EmbeddingCreateParams,
  response: OpenAI.Responses.ResponseCreateParamsNonStreaming & { input: OpenAI.Responses.ResponseInput; model: string },
): Promise<void> => {
  const completed = await textCompletion({ ...text, prompt: 'x' });
  const embedded: OpenAI.CreateEmbeddingResponse = await embedding(vectors);
  const { output } = await responses(response);
  void [completed, embedded, output];
};

// @ts-expect-error a request without messages is none
export const broken = (): Promise<ChatCompletion> => completion({ model: 'openai/gpt-4o' });

// @ts-expect-error a temperature is a number
export const warm = (): Promise<ChatCompletion> => completion({ model: 'openai/gpt-4o', messages: [], temperature: 'warm' });
