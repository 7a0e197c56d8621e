import {
  anthropicMessages,
  bedrockConverse,
  countTokens,
  SluiceError,
  type ChatProtocol,
  type JsonObject,
  type TokenCount,
} from 'sluice/kit';
import { runCall } from '../pipeline/call.ts';
import { routeByContent } from '../pipeline/route-by-content.ts';
import { openClaudeEnvelope } from './claude-envelope.ts';
import type { ClientRequest } from './client-request.ts';
import { modelOf, readGatewayMembers } from './gateway-members.ts';
import type { Handling } from './handling.ts';

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const count = async (
  handling: Handling,
  format: ChatProtocol,
  { body, headers }: Pick<ClientRequest, 'body' | 'headers'>,
): Promise<TokenCount> => {
  const { state, transport } = handling;
  const asked = readGatewayMembers(body, headers, format.id);
  state.model = modelOf(handling.model, body);
  if (state.live.autoRouting) await routeByContent(state, asked, body, handling);
  const path = handling.model === undefined ? undefined : { model: handling.model, stream: false };
  return runCall(state, transport, asked, (target, context, overrides) =>
    countTokens({ format, body: overrides ? { ...body, ...overrides } : body, headers, target, ...(path && { path }) }, context),
  );
};

const answer = (handling: Handling, { estimated }: TokenCount, json: JsonObject): Response => {
  const headers = { ...handling.headers(), ...(estimated && { 'x-sluice-token-count': 'estimate' }) };
  handling.ended(200, undefined);
  return Response.json(json, { headers });
};

/** Counts the tokens of a request in a format. @throws SluiceError */
export const handleCounting =
  (format: ChatProtocol) =>
  async (handling: Handling): Promise<Response> => {
    const { json } = await handling.json();
    // Gemini's clients may wrap the request (`generateContentRequest`).
    const wrapped = json['generateContentRequest'];
    const counted = await count(handling, format, { body: isObject(wrapped) ? wrapped : json, headers: handling.request.headers });
    return answer(handling, counted, counted.json);
  };

/**
 * Bedrock's CountTokens: a request of Converse, or one of InvokeModel in base64
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html, read 2026-11-22).
 * @throws SluiceError
 */
export const handleBedrockCounting = async (handling: Handling): Promise<Response> => {
  const { json } = await handling.json();
  const { headers } = handling.request;
  const input = isObject(json['input']) ? json['input'] : {};
  const { converse, invokeModel } = input;
  if (isObject(converse)) {
    const counted = await count(handling, bedrockConverse, { body: converse, headers });
    return answer(handling, counted, { inputTokens: counted.inputTokens });
  }
  const body = bodyIn(invokeModel);
  if (!body)
    throw new SluiceError('invalid_request', "'input' must have 'converse', or 'invokeModel' with its body in base64.", { param: 'input' });
  const opened = openClaudeEnvelope({ body, text: JSON.stringify(body), headers }, { model: handling.model ?? '', stream: false });
  const counted = await count(handling, anthropicMessages, opened);
  return answer(handling, counted, { inputTokens: counted.inputTokens });
};

const bodyIn = (invokeModel: unknown): JsonObject | undefined => {
  const text = isObject(invokeModel) ? invokeModel['body'] : undefined;
  if (typeof text !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};
