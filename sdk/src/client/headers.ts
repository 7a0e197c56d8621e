import type { UpstreamProtocol } from '../types/index.ts';
import type { CallContext } from './call.ts';

/** Adds the client's headers that are of its format, and so mean the same to a provider that speaks it. */
export const addOwnHeaders = (
  headers: Record<string, string>,
  given: Headers,
  { passHeaders }: { readonly passHeaders?: readonly string[] | undefined },
): void => {
  if (!passHeaders) return;
  for (const name of passHeaders) {
    const value = given.get(name);
    if (value !== null) headers[name] = value;
  }
};

/** Later ones win, but flags such as those of `anthropic-beta` are joined. */
export const addHeaders = (headers: Record<string, string>, more: Readonly<Record<string, string>>): void => {
  for (const name in more) {
    const value = more[name]!;
    const before = name.endsWith('-beta') ? headers[name] : undefined;
    headers[name] = before ? [...new Set([...before.split(','), ...value.split(',')].map((each) => each.trim()))].join(',') : value;
  }
};

/** W3C Trace Context: means the same everywhere, and is here only where its owner wants it to go on. */
const ofAnyFormat: ReadonlySet<string> = new Set(['traceparent', 'tracestate']);

/** A header that belongs to one format is for providers that speak it. */
export const forwarded = (headers: CallContext['forwardHeaders'], protocol?: UpstreamProtocol): Record<string, string> | undefined => {
  if (!headers) return undefined;
  const result: Record<string, string> = {};
  for (const name in headers)
    if (name.startsWith('x-') || ofAnyFormat.has(name) || protocol?.passHeaders?.includes(name)) result[name] = headers[name]!;
  return result;
};
