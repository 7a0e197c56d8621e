import type { ChatProtocol } from '../types/index.ts';
import type { CallContext } from './call.ts';

/** The client's headers that are of its format, and so mean the same to a provider that speaks it. */
export const ownHeaders = (given: Headers, { passHeaders = [] }: ChatProtocol): Record<string, string> => {
  const result: Record<string, string> = {};
  for (const name of passHeaders) {
    const value = given.get(name);
    if (value !== null) result[name] = value;
  }
  return result;
};

/** Later ones win, but flags such as those of `anthropic-beta` are joined. */
export const addHeaders = (headers: Record<string, string>, more: Readonly<Record<string, string>>): void => {
  for (const [name, value] of Object.entries(more)) {
    const before = name.endsWith('-beta') ? headers[name] : undefined;
    headers[name] = before ? [...new Set([...before.split(','), ...value.split(',')].map((each) => each.trim()))].join(',') : value;
  }
};

/** A header that belongs to one format is for providers that speak it. */
export const forwarded = (headers: CallContext['forwardHeaders'], protocol?: ChatProtocol): Record<string, string> => {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers ?? {}))
    if (name.startsWith('x-') || protocol?.passHeaders?.includes(name)) result[name] = value;
  return result;
};
