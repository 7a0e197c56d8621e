import type { ChatRequest, Part, ToWireContext } from '../../types/index.ts';

const isMarked = (part: Part): boolean =>
  part.cacheControl !== undefined || (part.type === 'tool-result' && part.content.some(({ cacheControl }) => cacheControl !== undefined));

/** Whether the client marks what is to be cached, anywhere in its prompt. */
export const hasCacheMarks = ({ messages, tools }: Pick<ChatRequest, 'messages' | 'tools'>): boolean =>
  messages.some(({ cacheControl, content }) => cacheControl !== undefined || content.some(isMarked)) ||
  (tools?.some(({ cacheControl }) => cacheControl !== undefined) ?? false);

/** Notes such marks for a target that takes none. */
export const noteCacheMarks = (
  request: Pick<ChatRequest, 'messages' | 'tools'>,
  { from, drop }: Pick<ToWireContext, 'from' | 'drop'>,
  why: string,
): void => {
  if (hasCacheMarks(request)) drop(from === 'bedrock-converse' ? 'cachePoint' : 'cache_control', why);
};
