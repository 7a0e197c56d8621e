import { table } from '../../lib/table.ts';
import { SluiceError, type ChatResult, type Emit, type ErrorCode } from '../../types/index.ts';

/*
 * A provider may say that it failed where others say why an answer ended (Cohere `ERROR`, Bedrock `malformed_model_output`).
 * Before any output that is a failure like any other: told as one, with a status, so that it is tried again or elsewhere.
 * After output the answer stands, and each format ends it with its own word for a failure, or else with the one for an
 * answer that was cut short: never with the one for an answer that is complete.
 */

/** The providers' words, in lower case. */
const codes: Readonly<Record<string, ErrorCode>> = table({
  insufficient_system_resource: 'unavailable',
  malformed_model_output: 'invalid_response',
  malformed_response: 'invalid_response',
  // Of the history that was sent: it would fail again (https://ai.google.dev/api/generate-content#FinishReason, read 2026-11-22).
  missing_thought_signature: 'invalid_request',
  timeout: 'upstream_timeout',
});

const failureOf = (word: string | undefined): SluiceError =>
  new SluiceError(
    codes[word?.toLowerCase() ?? ''] ?? 'bad_gateway',
    `The provider failed before it answered${word === undefined ? '' : ` (finish reason '${word.slice(0, 100)}')`}.`,
    word === undefined ? {} : { upstream: { code: word } },
  );

/** @throws SluiceError where the whole answer is that the provider failed */
export const refuseFailed = (result: ChatResult): ChatResult => {
  const failed = result.candidates.find(({ finishReason }) => finishReason === 'error');
  if (failed && result.candidates.every(({ content }) => content.length === 0)) throw failureOf(failed.rawFinishReason);
  return result;
};

/** The same for a stream: what is emitted goes on, up to the end of an answer that never began. */
export const failEarly = (emit: Emit): Emit => {
  let begun = false;
  let failed = false;
  return (part) => {
    if (failed) return;
    if (part.type === 'part-start') begun = true;
    failed = part.type === 'finish' && part.reason === 'error' && !begun;
    emit(part.type === 'finish' && failed ? { type: 'error', error: failureOf(part.rawReason) } : part);
  };
};
