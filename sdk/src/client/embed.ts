import { spliceTopLevel } from '../lib/splice.ts';
import { embeddingProtocolOf, errorsOf } from '../protocols/index.ts';
import { SluiceError, type Dropped, type EmbeddingProtocol, type JsonObject, type Target } from '../types/index.ts';
import type { CallContext, WholeAnswer } from './call.ts';
import { chooseEndpoint, mocked } from '../providers/index.ts';
import { toWireContext } from './prepare.ts';
import { sendJson } from './send-json.ts';

/** One embeddings call, in the client's own format, to one target. */
export interface EmbeddingCall {
  format: EmbeddingProtocol;
  body: JsonObject;
  text?: string;
  target: Target;
}

/** Makes one embeddings call. Same format: passed through. @throws SluiceError */
export const embed = async ({ format, body, text, target: asked }: EmbeddingCall, context: CallContext): Promise<WholeAnswer> => {
  const target = mocked(asked);
  const speaks = chooseEndpoint(target.provider, 'embeddings');
  if (!speaks) {
    const where = { param: 'model', provider: target.provider.id, model: target.model };
    throw new SluiceError('invalid_request', `${target.provider.label} does not offer embeddings.`, where);
  }
  const protocol = embeddingProtocolOf(speaks.protocol);
  const same = protocol.id === format.id;
  const dropped: Dropped[] = [];
  const wireContext = toWireContext({ format, target, body }, context.dropParams, dropped);
  const missing = Object.fromEntries(Object.entries(target.defaults ?? {}).filter(([name]) => body[name] === undefined));
  const request = () => format.request.fromWire({ ...missing, ...body });
  const made = same
    ? spliceTopLevel(text ?? JSON.stringify(body), asMembers({ model: target.model, ...missing, ...target.extraBody }))
    : JSON.stringify({ ...protocol.request.toWire(request(), wireContext), ...target.extraBody });

  const { json, bytes, facts } = await sendJson({ target, speaks, body: made, errors: errorsOf(protocol.id), dropped }, context);
  const result = protocol.response.fromWire(json);
  if (result.usage) facts.usage = result.usage;
  facts.same = same;
  if (same) return { kind: 'whole', facts, body: bytes, json: () => json };
  const name = typeof body['model'] === 'string' ? body['model'] : target.model;
  const wire = format.response.toWire(result, { model: name, encodingFormat: request().encodingFormat ?? 'float' });
  return { kind: 'whole', facts, body: JSON.stringify(wire), json: () => wire };
};

const asMembers = (values: JsonObject): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]));
