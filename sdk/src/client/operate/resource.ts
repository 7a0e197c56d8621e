import { openaiChat } from '../../protocols/index.ts';
import { mocked, upstreamUrl } from '../../providers/index.ts';
import {
  SluiceError,
  type JsonObject,
  type LazyResourceAdapter,
  type ResourceAdapter,
  type ResourceKind,
  type ResourcePath,
  type ResourceRequest,
  type Target,
} from '../../types/index.ts';
import type { CallContext } from '../call.ts';
import { toWireContext } from '../prepare.ts';
import { parseAnswer } from '../whole-answer.ts';
import { byteAnswer } from './byte-answer.ts';
import type { OperationAnswer, RelayBody } from './call.ts';
import { idSegment } from './id-segment.ts';
import { Session } from './session.ts';
import { createRunTap, runsModel, usageOfRun } from './resource-usage.ts';
import { createWire, streamOf } from './wire.ts';

/** One call about things that a provider keeps, in OpenAI's format, to one target. */
export interface ResourceCall {
  kind: ResourceKind;
  method: 'GET' | 'POST' | 'DELETE';
  /** The path in OpenAI's API below the collection's own, with `{}` for each id: `/{}/cancel`; empty for the collection itself. */
  rest: string;
  ids: readonly string[];
  query: Readonly<Record<string, string>>;
  /** The client's; those that mean something to providers of the format go on (`openai-beta`, `anthropic-beta`). */
  headers?: Headers;
  target: Target;
  /** The request as values; asked for only by adapters. */
  request(): Promise<Pick<ResourceRequest, 'body' | 'file'>> | Pick<ResourceRequest, 'body' | 'file'>;
  /** The body as it goes on to a vendor of the same format; undefined where there is none. */
  relay(): Promise<RelayBody> | RelayBody;
}

/** Whether a provider keeps things of a kind. */
export const keeps = ({ provider }: Pick<Target, 'provider'>, kind: ResourceKind): boolean => provider.resources?.[kind] !== undefined;

/** Makes one call about things that a provider keeps. @throws SluiceError */
export const callResource = async (asked: ResourceCall, context: CallContext): Promise<OperationAnswer> => {
  const target = mocked(asked.target);
  const { kind, method, rest } = asked;
  const { provider } = target;
  const served = provider.resources?.[kind];
  if (!served) throw lacking(`${provider.label} keeps no ${words(kind)} here.`, target);
  const session = new Session(target, { protocol: 'openai-resources', errors: provider.errors ?? openaiChat.id }, context);
  try {
    await provider.ready?.(target);
    if (isPath(served)) return await relayed(asked, target, served, session);
    const adapter = typeof served === 'function' ? await served() : served;
    const act = adapter[`${method} ${rest}`];
    if (!act) throw lacking(`${provider.label} has no ${method} /${kind}${rest} here.`, target);
    const { lacks } = toWireContext({ format: openaiChat, target, body: {} }, context.dropParams, session.dropped);
    const result = await act({ ids: asked.ids, query: asked.query, ...(await asked.request()) }, createWire(session, lacks));
    if ('read' in result) return byteAnswer(session, result);
    const { body, usage } = result;
    const { facts } = session;
    facts.firstOutputAt = facts.endedAt = session.now();
    const counted = usage ?? (runsModel(method, kind, rest) ? usageOfRun(body) : undefined);
    if (counted) facts.usage = counted;
    session.close();
    return { kind: 'whole', facts, body: JSON.stringify(body), json: () => body };
  } catch (cause) {
    session.close();
    throw session.failure(cause);
  }
};

const relayed = async (
  { kind, method, rest, ids, query, headers, relay }: ResourceCall,
  target: Target,
  { path }: ResourcePath,
  session: Session,
): Promise<OperationAnswer> => {
  const { contentType, body } = method === 'POST' ? await relay() : {};
  const [root, fixed] = upstreamUrl(target, { protocol: 'openai-resources', path }, false).split('?');
  let at = 0;
  const filled = rest.replaceAll('{}', () => idSegment(ids[at++] ?? ''));
  const search = new URLSearchParams(query).toString();
  const parameters = [fixed, search].filter((each) => each !== undefined && each !== '').join('&');
  const response = await session.send({
    method,
    url: root + filled + (parameters === '' ? '' : `?${parameters}`),
    headers: { accept: '*/*', ...ofFormat(headers), ...(contentType !== undefined && { 'content-type': contentType }) },
    ...(body !== undefined && { body }),
    trusted: true,
  });
  const { facts } = session;
  facts.same = true;
  const type = response.headers.get('content-type') ?? '';
  // What a file holds may be JSON as well, and is nothing to be read here.
  const runs = runsModel(method, kind, rest);
  if (!/\bjson\b/.test(type) || rest.endsWith('/content')) return byteAnswer(session, streamOf(response), runs ? createRunTap() : {});
  const bytes = await session.bytes(response);
  facts.firstOutputAt = facts.endedAt = session.now();
  session.close();
  let json: JsonObject | undefined;
  const read = (): JsonObject => (json ??= parseAnswer(bytes, response));
  const usage = runs ? usageOfRun(read()) : undefined;
  if (usage) facts.usage = usage;
  return { kind: 'whole', facts, body: bytes, contentType: type, json: read };
};

const passed = ['openai-beta', 'anthropic-beta', 'idempotency-key'] as const;

const ofFormat = (headers: Headers | undefined): Record<string, string> => {
  const found: Record<string, string> = {};
  for (const name of passed) {
    const value = headers?.get(name) ?? null;
    if (value !== null) found[name] = value;
  }
  return found;
};

const isPath = (served: ResourcePath | ResourceAdapter | LazyResourceAdapter): served is ResourcePath =>
  'path' in served && typeof served['path'] === 'string';

const words = (kind: ResourceKind): string => kind.replaceAll('_', ' ');

const lacking = (message: string, { provider, model }: Target): SluiceError =>
  new SluiceError('invalid_request', message, { provider: provider.id, model });
