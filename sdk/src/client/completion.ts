import type { Model } from './models.ts';
import { splitRequest, type CallOptions } from './options.ts';
import type { ChatCompletion, ChatCompletionChunk, ChatCompletionParams } from './wire/chat.ts';
import type { Open } from './wire/open.ts';
import type { TextCompletion, TextCompletionParams } from './wire/others.ts';

export type CompletionRequest = Open<ChatCompletionParams & CallOptions & { model: Model }>;
export type TextCompletionRequest = Open<TextCompletionParams & CallOptions & { model: Model }>;

/**
 * Asks any model in OpenAI's chat format.
 * @param request OpenAI's own body, and Sluice's options beside it (`apiKey`, `baseUrl`, `timeoutMs`, ...)
 * @returns OpenAI's chat completion, or with `stream: true` its chunks; thoughts are in `reasoning_content` and `thinking_blocks`
 * @throws SluiceError see docs/errors.md
 */
export function completion(request: CompletionRequest & { stream: true }): Promise<AsyncIterable<ChatCompletionChunk>>;
export function completion(request: CompletionRequest & { stream?: false | null }): Promise<ChatCompletion>;
export function completion(
  request: CompletionRequest & { stream?: boolean | null },
): Promise<ChatCompletion | AsyncIterable<ChatCompletionChunk>>;
export async function completion(request: CompletionRequest & { stream?: boolean | null }): Promise<unknown> {
  const { options, body } = splitRequest(request);
  const { invokeChat, openaiChat } = await import('./engine.ts');
  return invokeChat(openaiChat, { model: body['model'], body, stream: body['stream'] === true }, options);
}

/** Completes a text, in OpenAI's legacy format; models that only chat are asked by chat. @throws SluiceError */
export function textCompletion(request: TextCompletionRequest & { stream: true }): Promise<AsyncIterable<TextCompletion>>;
export function textCompletion(request: TextCompletionRequest & { stream?: false | null }): Promise<TextCompletion>;
export function textCompletion(
  request: TextCompletionRequest & { stream?: boolean | null },
): Promise<TextCompletion | AsyncIterable<TextCompletion>>;
export async function textCompletion(request: TextCompletionRequest & { stream?: boolean | null }): Promise<unknown> {
  const { options, body } = splitRequest(request);
  const { invokeChat, openaiCompletions } = await import('./engine.ts');
  return invokeChat(openaiCompletions, { model: body['model'], body, stream: body['stream'] === true }, options);
}
