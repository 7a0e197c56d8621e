import { cohereRerank, rerank } from 'sluice/kit';
import { runCall } from '../pipeline/call.ts';
import { overridden } from './client-request.ts';
import { wholeResponse } from './chat.ts';
import { modelOf, readGatewayMembers, withoutTaken } from './gateway-members.ts';
import type { Handling } from './handling.ts';

/** Orders documents, in Cohere's format, which is everybody's for this. @throws SluiceError */
export const handleRerank = async (handling: Handling): Promise<Response> => {
  const { request, state, transport } = handling;
  const { text, json } = await handling.json();
  const asked = readGatewayMembers(json, request.headers, cohereRerank.id);
  state.ignored = asked.ignored;
  state.model = modelOf(handling.model, json);
  const { body, text: own } = withoutTaken({ body: json, text, headers: request.headers }, asked);
  const answer = await runCall(state, transport, asked, (target, context, overrides) =>
    rerank({ format: cohereRerank, ...overridden(body, own, overrides), target }, context),
  );
  return wholeResponse(handling, answer);
};
