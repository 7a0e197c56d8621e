import type { JsonObject, WireEvent } from '../../types/index.ts';
import { openAiErrors } from '../shared/openai-body-error.ts';

/** `{ code: 'NotAuthenticated', message }`, which OpenAI's readers understand. */
export const ociErrors = Object.freeze({ fromWire: openAiErrors.fromWire });

/** An event that is an error, as OpenAI has it; undefined for any other. */
export const errorEvent = (chunk: JsonObject): WireEvent | undefined =>
  typeof chunk['code'] === 'string' && typeof chunk['message'] === 'string' ? { data: JSON.stringify({ error: chunk }) } : undefined;
