import { countTokens, type ChatProtocol, type JsonObject } from 'sluice/kit';
import { runCall } from '../pipeline/call.ts';
import { modelOf, readGatewayMembers } from './gateway-members.ts';
import type { Handling } from './handling.ts';

/** Counts the tokens of a request in a format. @throws SluiceError */
export const handleCounting =
  (format: ChatProtocol) =>
  async (handling: Handling): Promise<Response> => {
    const { request, state, transport } = handling;
    const { json } = await handling.json();
    const asked = readGatewayMembers(json, request.headers);
    // Gemini's clients may wrap the request (`generateContentRequest`).
    const wrapped = json['generateContentRequest'];
    const body = typeof wrapped === 'object' && wrapped !== null ? (wrapped as JsonObject) : json;
    state.model = modelOf(handling.model, body);
    const path = handling.model === undefined ? undefined : { model: handling.model, stream: false };
    const count = await runCall(state, transport, asked, (target, context) =>
      countTokens({ format, body, headers: request.headers, target, ...(path && { path }) }, context),
    );
    const headers = { ...handling.headers(), ...(count.estimated && { 'x-sluice-token-count': 'estimate' }) };
    handling.ended(200, undefined);
    return Response.json(count.json, { headers });
  };
