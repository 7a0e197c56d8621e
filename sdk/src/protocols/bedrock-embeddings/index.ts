import type { EmbeddingProtocol } from '../../types/index.ts';
import { maxInputs } from './families.ts';
import * as request from './request.ts';
import * as response from './response.ts';

/**
 * Embeddings on Amazon Bedrock: InvokeModel, with a body of the model's own family. Sources, read 2026-11-22:
 * docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html, -titan-embed-mm.html,
 * -embed-v3.html, -embed-v4.html, -marengo.html, -marengo-3.html, docs.aws.amazon.com/nova/latest/userguide/embeddings-schema.html.
 */
export const bedrockEmbeddings: EmbeddingProtocol = Object.freeze({
  id: 'bedrock-embeddings',
  maxInputs,
  request: { fromWire: request.fromWire, toWire: request.toWire },
  response: { fromWire: response.fromWire, toWire: response.toWire },
} satisfies EmbeddingProtocol);
