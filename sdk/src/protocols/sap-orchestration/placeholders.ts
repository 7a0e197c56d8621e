import type { JsonObject } from '../../types/index.ts';
import { asArray, isObject } from '../shared/read.ts';

/** The service fills in what stands in `{{?name}}`, also where a user wrote it: what holds one is handed in as a value. */
const mark = '{{';

export interface Filled {
  messages: JsonObject[];
  values: Record<string, string>;
}

/** Messages in which nothing is taken for a placeholder that is none. */
export const withPlaceholders = (messages: readonly JsonObject[]): Filled => {
  const values: Record<string, string> = {};
  const plain = (text: string): string => {
    if (!text.includes(mark)) return text;
    const name = `text_${Object.keys(values).length + 1}`;
    values[name] = text;
    return `{{?${name}}}`;
  };
  const filled = messages.map((message): JsonObject => {
    const { content } = message;
    if (typeof content === 'string') return content.includes(mark) ? { ...message, content: plain(content) } : message;
    if (!Array.isArray(content)) return message;
    const parts = asArray(content).map((part) =>
      isObject(part) && typeof part['text'] === 'string' ? { ...part, text: plain(part['text']) } : part,
    );
    return { ...message, content: parts };
  });
  return { messages: filled, values };
};
