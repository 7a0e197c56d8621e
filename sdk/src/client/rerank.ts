import { newId } from '../lib/ids.ts';
import { spliceTopLevel } from '../lib/splice.ts';
import { errorsOf, rerankProtocolOf } from '../protocols/index.ts';
import { chooseEndpoint, mocked } from '../providers/index.ts';
import {
  SluiceError,
  type Dropped,
  type JsonObject,
  type RerankProtocol,
  type RerankRequest,
  type RerankResult,
  type Target,
  type Usage,
} from '../types/index.ts';
import type { CallContext, WholeAnswer } from './call.ts';
import { dialectOf, toWireContext } from './prepare.ts';
import { sendJson } from './send-json.ts';

/** One call that orders documents, in the client's own format, to one target. */
export interface RerankCall {
  format: RerankProtocol;
  body: JsonObject;
  text?: string;
  target: Target;
}

/** Makes one reranking call. Same format: passed through. @throws SluiceError */
export const rerank = async ({ format, body, text, target: asked }: RerankCall, context: CallContext): Promise<WholeAnswer> => {
  const target = mocked(asked);
  const speaks = chooseEndpoint(target.provider, 'rerank');
  if (!speaks) {
    const where = { param: 'model', provider: target.provider.id, model: target.model };
    throw new SluiceError('invalid_request', `${target.provider.label} does not offer reranking.`, where);
  }
  const protocol = rerankProtocolOf(speaks.protocol);
  const same = protocol.id === format.id && !format.mustRewrite?.(body);
  const dropped: Dropped[] = [];
  const missing = Object.fromEntries(Object.entries(target.defaults ?? {}).filter(([name]) => body[name] === undefined));
  const request = same ? undefined : format.request.fromWire({ ...missing, ...body });
  const members = dialectOf(speaks, target, false, {}, body);
  const made = request
    ? JSON.stringify({
        ...protocol.request.toWire(request, toWireContext({ format, target, body }, context.dropParams, dropped)),
        ...members,
        ...target.extraBody,
      })
    : spliceTopLevel(text ?? JSON.stringify(body), asMembers({ model: target.model, ...missing, ...members, ...target.extraBody }));

  const { json, bytes, facts } = await sendJson(
    {
      target,
      speaks,
      body: made,
      errors: errorsOf(speaks.errors ?? protocol.id),
      dropped,
      mayBeList: protocol.response.mayBeList,
    },
    context,
  );
  const result = protocol.response.fromWire(json);
  if (result.usage) facts.usage = usageOf(result.usage);
  facts.same = same;
  if (!request) return { kind: 'whole', facts, body: bytes, json: () => json };
  const wire = format.response.toWire(asAsked(result, request), { model: request.model, newId: context.newId ?? newId });
  return { kind: 'whole', facts, body: JSON.stringify(wire), json: () => wire };
};

/** Cohere bills by queries, others by tokens. */
const usageOf = (usage: NonNullable<RerankResult['usage']>): Usage => ({
  inputTokens: usage.inputTokens ?? 0,
  outputTokens: 0,
  ...(usage.searchUnits !== undefined && { units: { queries: usage.searchUnits } }),
  raw: usage,
});

/** What not every vendor does: only so many of the best, and the documents that the client wants back. */
const asAsked = (result: RerankResult, { documents, returnDocuments, topN }: RerankRequest): RerankResult => {
  const best = topN === undefined ? result.results : result.results.slice(0, Math.max(0, topN));
  if (!returnDocuments) return { ...result, results: best };
  const results = best.map((each) => {
    const document = each.document ?? documents[each.index];
    return document === undefined ? each : { ...each, document: typeof document === 'string' ? { text: document } : document };
  });
  return { ...result, results };
};

const asMembers = (values: JsonObject): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]));
