import { asNumber, asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import { usageFromWire } from '../../protocols/gemini/usage.ts';
import { SluiceError, type JsonObject, type Usage, type Wire } from '../../types/index.ts';
import { noAnswer } from '../media/failure.ts';

/** Where Gemini is called: the Gemini API and Vertex AI differ in what stands before it. */
export interface GeminiPaths {
  /** `{model}` is filled in by the provider. */
  generate: string;
  /** Looks up what the address needs. */
  ready(wire: Wire): Promise<void> | undefined;
}

/** The parts of the first candidate of an answer to a prompt, and its counts. @throws SluiceError where there are none */
export const askGemini = async (
  { generate, ready }: GeminiPaths,
  json: JsonObject,
  wire: Wire,
): Promise<{ parts: JsonObject[]; usage: Usage | undefined }> => {
  await ready(wire);
  const answer = await wire.json({ url: generate, json });
  const [candidate] = asObjects(answer['candidates']);
  const parts = asObjects(asObject(candidate?.['content'])?.['parts']);
  if (parts.length === 0) throw empty(answer, candidate, wire);
  return { parts, usage: usageFromWire(answer['usageMetadata']) };
};

const refusals = new Set(['SAFETY', 'PROHIBITED_CONTENT', 'BLOCKLIST', 'SPII', 'RECITATION']);

const empty = (answer: JsonObject, candidate: JsonObject | undefined, wire: Wire): SluiceError => {
  const reason = asString(asObject(answer['promptFeedback'])?.['blockReason']) ?? asString(candidate?.['finishReason']);
  if (reason === undefined || !refusals.has(reason))
    return noAnswer(wire, reason === undefined ? 'content' : `content (${reason})`, answer);
  return new SluiceError('content_policy_violation', asString(candidate?.['finishMessage']) ?? `Google refused the content: ${reason}.`, {
    provider: wire.target.provider.id,
    upstream: { code: reason, body: answer },
  });
};

/** `gemini-3.8-flash-tts` -> 3.8 */
export const geminiVersion = (model: string): number => asNumber(Number(/gemini-(\d+(?:\.\d+)?)/.exec(model)?.[1] ?? NaN)) ?? NaN;
