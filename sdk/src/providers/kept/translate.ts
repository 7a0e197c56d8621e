import { newId } from '../../lib/ids.ts';
import { openaiChat, openaiEmbeddings } from '../../protocols/index.ts';
import {
  SluiceError,
  type ChatRequest,
  type ChatResult,
  type EmbeddingResult,
  type JsonObject,
  type Provider,
  type ToWireContext,
  type UpstreamEmbeddingProtocol,
  type UpstreamProtocol,
  type Wire,
} from '../../types/index.ts';
import { chatEndpoint, embeddingsEndpoint } from './batch.ts';
import { wrongLine, type BatchLine } from './lines.ts';

export type BatchKind = 'chat' | 'embeddings';

const kinds: Readonly<Record<string, BatchKind>> = { [chatEndpoint]: 'chat', [embeddingsEndpoint]: 'embeddings' };

/** What a request of a batch is for. @throws SluiceError `invalid_request` for another endpoint than the two that are translated */
export const kindOf = ({ url, number }: BatchLine): BatchKind => {
  const kind = kinds[url];
  if (kind) return kind;
  throw wrongLine(number, `is for ${url.slice(0, 60)}, and only ${chatEndpoint} and ${embeddingsEndpoint} can be asked of this provider`);
};

/** A model as the provider calls it, and the provider as it is for it. */
export const modelOf = (name: string, wire: Wire): { model: string; provider: Provider } => {
  const { provider } = wire.target;
  const bare = name.startsWith(`${provider.id}/`) ? name.slice(provider.id.length + 1) : name;
  const model = provider.resolveModel?.(bare).model ?? bare;
  return { model, provider: provider.variant?.({ model, name: bare }) ?? provider };
};

const contextOf = (line: BatchLine, from: string, wire: Wire): ToWireContext => {
  const { model, provider } = modelOf(line.model, wire);
  return {
    model,
    provider: provider.id,
    from,
    traits: { ...provider.traits?.(model), ...wire.target.traits },
    quirks: provider.quirks ?? {},
    ...(wire.target.options && { options: wire.target.options }),
    dropParams: wire.target.dropParams ?? false,
    drop: (what, why) => wire.drop(what, why),
    lacks: (parameter, why) => wire.lacks(parameter, why),
  };
};

/**
 * A chat request of a batch in a vendor's format.
 * @throws SluiceError `invalid_request`, `unsupported_parameter`, also for what could not be undone in the answer: a
 * batch's results come without a memory of how its requests were changed
 */
export const chatToVendor = (line: BatchLine, protocol: UpstreamProtocol, wire: Wire): JsonObject => {
  const { stream: _stream, stream_options: _options, ...body } = line.body;
  const { body: made, hints } = protocol.request.toWire(openaiChat.request.fromWire(body), contextOf(line, openaiChat.id, wire));
  if (hints?.jsonToolName !== undefined) throw wrongLine(line.number, 'asks for JSON in a way that this model has not in batches');
  if (Object.keys(hints?.toolNames ?? {}).length > 0)
    throw wrongLine(line.number, 'has a tool whose name this model cannot take in batches');
  if ((hints?.customTools?.length ?? 0) > 0) throw wrongLine(line.number, 'has custom tools, which this model cannot take in batches');
  return made;
};

export const embeddingToVendor = (line: BatchLine, protocol: UpstreamEmbeddingProtocol, wire: Wire): JsonObject =>
  protocol.request.toWire(openaiEmbeddings.request.fromWire(line.body), contextOf(line, openaiEmbeddings.id, wire));

/** An answer of OpenAI's batches for one request. @throws SluiceError */
export const answeredLine = (customId: string, body: JsonObject): JsonObject => ({
  id: newId('batch_req_'),
  custom_id: customId,
  response: { status_code: 200, request_id: typeof body['id'] === 'string' ? body['id'] : '', body },
  error: null,
});

export const failedLine = (customId: string, code: unknown, message: unknown): JsonObject => ({
  id: newId('batch_req_'),
  custom_id: customId,
  response: null,
  error: { code: String(code ?? 'error'), message: typeof message === 'string' ? message : 'The request failed.' },
});

/** What the request was is not in the results, and OpenAI's chat answers echo nothing of it. */
const noRequest: ChatRequest = { model: '', messages: [], stream: false, unknown: {} };

/** The line of one answer; one that cannot be read is a failed request and not a broken file. */
export const chatLine = (customId: string, read: () => ChatResult, { model, wire }: { model: string; wire: Wire }): JsonObject =>
  lineOf(customId, () => {
    const result = read();
    return openaiChat.response.toWire(result, { model: result.model || model, request: noRequest, newId, now: () => wire.now() });
  });

export const embeddingLine = (customId: string, read: () => EmbeddingResult, model: string): JsonObject =>
  lineOf(customId, () => {
    const result = read();
    return openaiEmbeddings.response.toWire(result, { model: result.model || model, encodingFormat: 'float' });
  });

const lineOf = (customId: string, make: () => JsonObject): JsonObject => {
  try {
    return answeredLine(customId, make());
  } catch (cause) {
    const { code, message } = SluiceError.from(cause);
    return failedLine(customId, code, message);
  }
};
