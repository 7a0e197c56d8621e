import type { Model } from './models.ts';
import { splitRequest, type CallOptions } from './options.ts';
import type { Open } from './wire/open.ts';
import type {
  AnthropicEvent,
  AnthropicMessage,
  EmbeddingParams,
  EmbeddingResponse,
  GenerateContentParams,
  GenerateContentResponse,
  MessagesParams,
  ResponseEvent,
  ResponseObject,
  ResponsesParams,
} from './wire/others.ts';
import type { RerankParams, RerankResponse } from './wire/rerank.ts';

export type ResponsesRequest = Open<ResponsesParams & CallOptions & { model: Model }>;
export type MessagesRequest = Open<MessagesParams & CallOptions & { model: Model }>;
export type GenerateContentRequest = Open<GenerateContentParams & CallOptions & { model: Model }>;
export type EmbeddingRequest = Open<EmbeddingParams & CallOptions & { model: Model }>;
export type RerankRequest = Open<RerankParams & CallOptions & { model: Model }>;

/**
 * Asks any model in OpenAI's Responses format.
 * @returns the response, or with `stream: true` its events. `previous_response_id` works where the provider itself keeps responses.
 * @throws SluiceError
 */
export function responses(request: ResponsesRequest & { stream: true }): Promise<AsyncIterable<ResponseEvent>>;
export function responses(request: ResponsesRequest & { stream?: false | null }): Promise<ResponseObject>;
export function responses(request: ResponsesRequest & { stream?: boolean | null }): Promise<ResponseObject | AsyncIterable<ResponseEvent>>;
export async function responses(request: ResponsesRequest & { stream?: boolean | null }): Promise<unknown> {
  const { options, body } = splitRequest(request);
  const { invokeChat, openaiResponses, respond } = await import('./engine.ts');
  return invokeChat(openaiResponses, { model: body['model'], body, stream: body['stream'] === true }, options, respond);
}

/** Asks any model in Anthropic's Messages format. @returns the message, or with `stream: true` its events @throws SluiceError */
export function messages(request: MessagesRequest & { stream: true }): Promise<AsyncIterable<AnthropicEvent>>;
export function messages(request: MessagesRequest & { stream?: false }): Promise<AnthropicMessage>;
export function messages(request: MessagesRequest & { stream?: boolean }): Promise<AnthropicMessage | AsyncIterable<AnthropicEvent>>;
export async function messages(request: MessagesRequest & { stream?: boolean }): Promise<unknown> {
  const { options, body } = splitRequest(request);
  const { invokeChat, anthropicMessages } = await import('./engine.ts');
  return invokeChat(anthropicMessages, { model: body['model'], body, stream: body['stream'] === true }, options);
}

/** Asks any model in Gemini's format. @returns the answer, or with `stream: true` its chunks @throws SluiceError */
export function generateContent(request: GenerateContentRequest & { stream: true }): Promise<AsyncIterable<GenerateContentResponse>>;
export function generateContent(request: GenerateContentRequest & { stream?: false }): Promise<GenerateContentResponse>;
export function generateContent(
  request: GenerateContentRequest & { stream?: boolean },
): Promise<GenerateContentResponse | AsyncIterable<GenerateContentResponse>>;
export async function generateContent(request: GenerateContentRequest & { stream?: boolean }): Promise<unknown> {
  const { options, body } = splitRequest(request);
  // In this format model and streaming are in the path, not in the body.
  const { model, stream: asked, ...rest } = body;
  const stream = asked === true;
  const { invokeChat, gemini } = await import('./engine.ts');
  return invokeChat(gemini, { model, body: rest, stream, path: { ...(typeof model === 'string' && { model }), stream } }, options);
}

/** Turns texts into vectors, in OpenAI's format. @throws SluiceError */
export const embedding = async (request: EmbeddingRequest): Promise<EmbeddingResponse> => {
  const { options, body } = splitRequest(request);
  const { embed, invoke, openaiEmbeddings } = await import('./engine.ts');
  const answer = await invoke(body['model'], options, (target, context, overrides) =>
    embed({ format: openaiEmbeddings, body: { ...body, ...overrides }, target }, context),
  );
  return answer.json() as unknown as EmbeddingResponse;
};

/** Orders documents by how well they answer a query, in Cohere's format. @returns the best first @throws SluiceError */
export const rerank = async (request: RerankRequest): Promise<RerankResponse> => {
  const { options, body: given } = splitRequest(request);
  const { topN, ...rest } = given;
  const body = topN === undefined ? rest : { top_n: topN, ...rest };
  const engine = await import('./engine.ts');
  const format = engine.cohereRerank;
  const answer = await engine.invoke(body['model'], options, (target, context, overrides) =>
    engine.rerank({ format, body: { ...body, ...overrides }, target }, context),
  );
  return answer.json() as unknown as RerankResponse;
};
