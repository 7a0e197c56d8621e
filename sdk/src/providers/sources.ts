import type { JsonObject, ToWireContext } from '../types/index.ts';

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A request in Anthropic's format without images and documents that the endpoint cannot get at: the very same object
 * where there are none. What is left of a message must not be empty.
 * @throws SluiceError `unsupported_parameter`
 */
export const withoutSources = (body: JsonObject, kinds: readonly string[], { lacks }: Pick<ToWireContext, 'lacks'>): JsonObject => {
  const left = (content: unknown, at: string): unknown => {
    if (!Array.isArray(content)) return content;
    let changed = false;
    const kept = content.flatMap((block: unknown, index): unknown[] => {
      if (!isObject(block)) return [block];
      const { type, source, content: inner } = block;
      const kind = isObject(source) ? source['type'] : undefined;
      if ((type === 'image' || type === 'document') && typeof kind === 'string' && !kinds.includes(kind)) {
        lacks(`${at}[${index}].source: ${kind}`, 'the provider fetches nothing; send it inside the request, as base64');
        changed = true;
        return [];
      }
      const within = type === 'tool_result' ? left(inner, `${at}[${index}].content`) : inner;
      if (within === inner) return [block];
      changed = true;
      return [{ ...block, content: within }];
    });
    if (!changed) return content;
    return kept.length > 0 ? kept : [{ type: 'text', text: '(left out)' }];
  };

  const messages = body['messages'];
  if (!Array.isArray(messages)) return body;
  let changed = false;
  const kept = messages.map((message: unknown, index) => {
    if (!isObject(message)) return message;
    const content = left(message['content'], `messages[${index}].content`);
    if (content === message['content']) return message;
    changed = true;
    return { ...message, content };
  });
  return changed ? { ...body, messages: kept } : body;
};
