import type { JsonObject } from './json.ts';
import type { ProtocolExtra } from './part.ts';
import type { Usage } from './usage.ts';

export interface EmbeddingRequest {
  model: string;
  /** Texts, lists of token ids of the model's own tokenizer, or objects in the vendor's own words (`{ image: URL }`). */
  input: (string | number[] | JsonObject)[];
  dimensions?: number;
  /** `float` or `base64` (little-endian float32), as the client wants it. */
  encodingFormat?: 'float' | 'base64';
  user?: string;
  unknown: JsonObject;
  /** Members that the client's format knows and that only the same protocol can take. */
  extra?: ProtocolExtra;
}

export interface EmbeddingResult {
  model: string;
  /** One a text, in order: numbers, or base64 of little-endian float32 where the provider gave that. */
  embeddings: (number[] | string)[];
  usage?: Usage;
}
