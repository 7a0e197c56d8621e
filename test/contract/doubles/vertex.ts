import { protocolOf, type JsonObject } from 'sluice/kit';
import type { Double } from '../doubles.ts';

const openai = protocolOf('openai-chat');

/** OpenAI's chat as a prediction, which does not stream. */
export const vertexGemma: Double = {
  framing: 'sse',
  request: {
    fromWire(body, path) {
      const [instance] = body['instances'] as JsonObject[];
      const { '@requestFormat': format, ...request } = instance!;
      if (format !== 'chatCompletions' || 'stream' in request || 'model' in request) throw new Error('no instance of a chat');
      return openai.request.fromWire({ model: 'some-model', ...request }, path);
    },
  },
  response: { toWire: (result, context) => ({ predictions: openai.response.toWire(result, context) }) },
  stream: openai.stream,
  errors: protocolOf('gemini').errors,
};
