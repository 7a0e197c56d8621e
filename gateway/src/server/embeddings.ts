import {
  cohereEmbeddings,
  embed,
  geminiEmbeddings,
  ollamaEmbeddings,
  ollamaOldEmbeddings,
  openaiEmbeddings,
  vertexEmbeddings,
  type EmbeddingProtocol,
} from 'sluice/kit';
import { runCall } from '../pipeline/call.ts';
import { overridden } from './client-request.ts';
import { wholeResponse } from './chat.ts';
import { modelOf, readGatewayMembers, withoutTaken } from './gateway-members.ts';
import type { Handling } from './handling.ts';
import { withId } from './mistral-dialect.ts';
import type { RouteName } from './routes.ts';

/** The format of each route of embeddings. */
export const embeddingFormats = {
  embeddings: openaiEmbeddings,
  cohere_embed: cohereEmbeddings,
  gemini_embed: geminiEmbeddings,
  vertex_predict: vertexEmbeddings,
  ollama_embed: ollamaEmbeddings,
  ollama_embeddings: ollamaOldEmbeddings,
} as const satisfies Partial<Record<RouteName, EmbeddingProtocol>>;

/** Formats whose model stands in the path, and not in the body. */
const pathNamed: ReadonlySet<EmbeddingProtocol> = new Set([geminiEmbeddings, vertexEmbeddings]);

/** Answers one request for embeddings in the client's format. @throws SluiceError */
export const handleEmbeddings =
  (format: EmbeddingProtocol) =>
  async (handling: Handling): Promise<Response> => {
    const { request, state, transport } = handling;
    const { text, json } = await handling.json();
    const asked = readGatewayMembers(json, request.headers, handling.vendor ?? format.id);
    state.ignored = asked.ignored;
    state.model = modelOf(handling.model, json);
    const { body, text: own } = withoutTaken({ body: json, text, headers: request.headers }, asked);
    const path = pathNamed.has(format) && handling.model !== undefined ? { path: { model: handling.model } } : undefined;
    const said = { ...asked.said, length: text.length };
    const answer = await runCall(state, transport, { ...asked, said }, (target, context, overrides) =>
      embed({ format, ...overridden(body, own, overrides), ...path, target, textsOf: handling.textsOfTokens }, context),
    );
    return wholeResponse(handling, handling.vendor === 'mistral' ? withId(answer, state.callId) : answer);
  };
