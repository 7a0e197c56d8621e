import { spliceTopLevel } from '../lib/splice.ts';
import { embeddingProtocolOf, errorsOf } from '../protocols/index.ts';
import type { Dropped, EmbeddingProtocol, JsonObject, Target } from '../types/index.ts';
import type { CallContext, WholeAnswer } from './call.ts';
import { toWireContext } from './prepare.ts';
import { sendJson, speaksFor } from './send-json.ts';

/** One embeddings call, in the client's own format, to one target. */
export interface EmbeddingCall {
  format: EmbeddingProtocol;
  body: JsonObject;
  text?: string;
  target: Target;
}

/** Makes one embeddings call. Same format: passed through. @throws SluiceError */
export const embed = async ({ format, body, text, target }: EmbeddingCall, context: CallContext): Promise<WholeAnswer> => {
  const speaks = speaksFor(target, 'embeddings');
  const protocol = embeddingProtocolOf(speaks.protocol);
  const same = protocol.id === format.id;
  const dropped: Dropped[] = [];
  const wireContext = toWireContext({ format, target, body }, context.dropParams ?? false, dropped);
  const request = () => format.request.fromWire(body);
  const made = same
    ? spliceTopLevel(text ?? JSON.stringify(body), { model: JSON.stringify(target.model) })
    : JSON.stringify({ ...protocol.request.toWire(request(), wireContext), ...target.extraBody });

  const { json, bytes, facts } = await sendJson({ target, speaks, body: made, errors: errorsOf(protocol.id), dropped }, context);
  const result = protocol.response.fromWire(json);
  if (result.usage) facts.usage = result.usage;
  facts.same = same;
  if (same) return { kind: 'whole', facts, body: bytes, json: () => json };
  const asked = typeof body['model'] === 'string' ? body['model'] : target.model;
  const wire = format.response.toWire(result, { model: asked, encodingFormat: request().encodingFormat ?? 'float' });
  return { kind: 'whole', facts, body: JSON.stringify(wire), json: () => wire };
};
