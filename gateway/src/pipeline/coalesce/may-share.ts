import { openaiResponses, SluiceError, type ChatCall, type ChatRequest, type JsonObject } from 'sluice/kit';

/** Tools of providers that only look something up. What others do (run code, write to servers) is asked for once for each call. */
const looking: ReadonlySet<string | undefined> = new Set(['web-search', 'url-context', 'file-search']);

/** Of Responses: what is written down at the provider, or goes on there. */
const writes = ['conversation', 'background'] as const;

/** Whether a call may share its answer with an identical one: whether anything but its answer comes of it. */
export const mayShare = ({ format, body, path }: Pick<ChatCall, 'format' | 'body' | 'path'>): boolean => {
  if (format === openaiResponses && writes.some((name) => isGiven(body, name))) return false;
  const tools = read(() => format.request.fromWire(body, path))?.tools;
  return !tools || tools.every((tool) => tool.type !== 'provider' || looking.has(tool.kind));
};

const isGiven = (body: JsonObject, name: string): boolean => body[name] !== undefined && body[name] !== null && body[name] !== false;

/** What cannot be read has no tools that could: several prompts of old completions, or a mistake that its provider will name. */
const read = (make: () => ChatRequest): ChatRequest | undefined => {
  try {
    return make();
  } catch (cause) {
    if (SluiceError.is(cause)) return undefined;
    throw cause;
  }
};
