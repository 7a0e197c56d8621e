import { SluiceError, type JsonObject, type UpstreamProtocol } from '../../types/index.ts';
import { gemini } from '../gemini/index.ts';
import { openaiChat } from '../openai-chat/index.ts';
import { asArray, asObject } from '../shared/read.ts';

/*
 * Gemma on an endpoint of Vertex AI's Model Garden: OpenAI's chat as one instance of a prediction, which does not stream
 * (docs.cloud.google.com/vertex-ai/generative-ai/docs/open-models/use-gemma, docs.litellm.ai/docs/providers/vertex_partner,
 * read 2026-11-22).
 */

/** One prediction: alone, or in a list. */
const predictionOf = (body: JsonObject): JsonObject => {
  const found = asObject(body['predictions']) ?? asObject(asArray(body['predictions'])[0]);
  if (!found) throw new SluiceError('invalid_response', 'The endpoint answered without a prediction.', { upstream: { body } });
  return found;
};

export const vertexGemma: UpstreamProtocol = Object.freeze({
  id: 'vertex-gemma',
  origin: gemini.origin,
  framing: 'sse',
  request: {
    toWire(request, context) {
      const wire = openaiChat.request.toWire(request, context);
      // One model is served there, and it answers at once.
      const { model: _model, stream: _stream, stream_options: _options, ...instance } = wire.body;
      return { ...wire, body: { instances: [{ '@requestFormat': 'chatCompletions', ...instance }] } };
    },
  },
  response: { fromWire: (body, hints) => openaiChat.response.fromWire(predictionOf(body), hints) },
  stream: { decoder: (hints) => openaiChat.stream.decoder(hints) },
  errors: { fromWire: gemini.errors.fromWire },
} satisfies UpstreamProtocol);
