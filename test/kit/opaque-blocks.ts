import { isDeepStrictEqual } from 'node:util';
import { nextRequest } from './echo.ts';
import { list, obj, str, type Obj } from './read/reading.ts';
import type { VendorFormat, WireFormat } from './wire-formats.ts';

/** What a client of the provider's own format can read and answer; everything else in a turn is for the provider alone. */
const readable: Readonly<Record<'anthropic-messages' | 'gemini' | 'openai-responses', (block: Obj) => boolean>> = {
  'anthropic-messages': ({ type }) => ['text', 'thinking', 'redacted_thinking', 'tool_use'].includes(str(type)),
  gemini: (part) => ['text', 'functionCall', 'inlineData', 'fileData'].some((name) => name in part) || !Object.keys(part).length,
  'openai-responses': ({ type }) =>
    ['message', 'reasoning', 'function_call', 'custom_tool_call', 'image_generation_call'].includes(str(type)),
};

/** The blocks of a provider's answer that it wants back whole, in their order: searches, programs, what they gave. */
export const opaqueBlocks = (format: WireFormat | VendorFormat, answer: string, stream: boolean): Obj[] => {
  if (format !== 'anthropic-messages' && format !== 'gemini' && format !== 'openai-responses') return [];
  const turn = nextRequest(format, {}, answer, stream);
  const contents = [
    ...list(turn['messages']).flatMap(({ content }) => list(content)),
    ...list(turn['contents']).flatMap(({ parts }) => list(parts)),
  ];
  const blocks =
    format === 'openai-responses' ? list(turn['input']).filter(({ role, type }) => role !== 'user' && type !== undefined) : contents;
  return blocks.filter(
    (block) =>
      !readable[format](block) &&
      !/^(?:tool_result|(?:function|custom_tool)_call_output)$/.test(str(block['type'])) &&
      !('functionResponse' in block),
  );
};

/** How many of the blocks are in the value, unchanged and in their order. */
export const countInOrder = (value: unknown, blocks: readonly Obj[]): number => {
  let found = 0;
  const walk = (each: unknown): void => {
    if (found < blocks.length && isDeepStrictEqual(each, blocks[found])) found++;
    else if (Array.isArray(each)) each.forEach(walk);
    else if (typeof each === 'object' && each !== null) Object.values(obj(each)).forEach(walk);
  };
  walk(value);
  return found;
};
