import { SluiceError, type ErrorCode, type JsonObject, type WireEvent } from '../../types/index.ts';
import { envelopeCode, openAiErrorObject, readEnvelope } from '../shared/openai-error.ts';

/** A status for errors inside a stream, which have none. */
const statusOf = (type: string | undefined): number => (type === 'invalid_request_error' ? 400 : 500);

/**
 * An error inside an answer: an `error` event, flat as specified or nested as OpenAI sends it, or the `error` of a
 * failed response.
 */
export const readStreamError = (event: JsonObject): SluiceError => {
  const nested = event['error'] !== undefined && event['error'] !== null;
  const envelope = readEnvelope(nested ? { error: event['error'] } : { ...event, type: undefined });
  const { message, type, code, param } = envelope;
  const ours: ErrorCode = envelopeCode(statusOf(type), envelope);
  return new SluiceError(ours, message || 'The provider reported an error without a message.', {
    upstream: {
      ...(type !== undefined && { type }),
      ...(code !== undefined && { code }),
      ...(param !== undefined && { param }),
      body: event,
    },
  });
};

/** An error for the `error` member of a response. */
export const responseError = (error: SluiceError): JsonObject => {
  const { code, message } = openAiErrorObject(error);
  return { code: code ?? 'server_error', message };
};

/**
 * The `error` event. The specification has its members flat, OpenAI sends them under `error`, and its SDK reads
 * either: both are there.
 */
export const errorEvent = (error: SluiceError, sequenceNumber: number): WireEvent => {
  const members = openAiErrorObject(error);
  const { code, message, param } = members;
  return { event: 'error', data: JSON.stringify({ type: 'error', code, message, param, error: members, sequence_number: sequenceNumber }) };
};

/** A failed response of which nothing else is known: a stream that was passed through has broken. */
const failedResponse = (error: SluiceError): JsonObject => ({
  id: '',
  object: 'response',
  created_at: 0,
  status: 'failed',
  error: responseError(error),
  incomplete_details: null,
  instructions: null,
  metadata: {},
  model: error.model ?? '',
  output: [],
  parallel_tool_calls: true,
  temperature: 1,
  tool_choice: 'auto',
  tools: [],
  top_p: 1,
});

/** OpenAI sends both, in this order: its SDK throws on the first, Codex reads the second. */
export const errorEvents = (error: SluiceError): readonly WireEvent[] => [
  errorEvent(error, 0),
  { event: 'response.failed', data: JSON.stringify({ type: 'response.failed', sequence_number: 1, response: failedResponse(error) }) },
];
