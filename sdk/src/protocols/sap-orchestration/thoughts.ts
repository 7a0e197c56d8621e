import type { ChatRequest, JsonObject, Message, Part, ThinkingPart, ToWireContext } from '../../types/index.ts';
import { asObject, asObjects, asString } from '../shared/read.ts';

/*
 * Thoughts are a list of `{ content, signature }` here (@sap-ai-sdk/orchestration 2.16.0, `ReasoningBlock`, read
 * 2026-11-22), under the name that elsewhere holds a text.
 */

const isThought = (part: Part): part is ThinkingPart => part.type === 'thinking';

/** Only Claude takes them back, and only its own: what has no signature of Claude's is refused by it. */
const blockOf = ({ text, signature }: ThinkingPart, { drop }: ToWireContext): JsonObject[] => {
  if (signature?.origin === 'anthropic') return [{ content: text, signature: signature.value }];
  drop('thinking', 'only thoughts that Claude signed go back to it');
  return [];
};

/** The request without thoughts of earlier turns, and those of each of the assistant's messages, in order. */
export const liftThoughts = (request: ChatRequest, context: ToWireContext): { request: ChatRequest; thoughts: JsonObject[][] } => {
  const isClaude = /claude/i.test(context.model);
  const thoughts: JsonObject[][] = [];
  const messages = request.messages.map((message): Message => {
    if (message.role !== 'assistant') return message;
    const own = isClaude ? message.content.filter(isThought) : [];
    thoughts.push(own.flatMap((part) => blockOf(part, context)));
    return own.length > 0 ? { ...message, content: message.content.filter((part) => !isThought(part)) } : message;
  });
  return { request: { ...request, messages }, thoughts };
};

/** The written messages with the thoughts where they belong. */
export const lowerThoughts = (messages: readonly JsonObject[], thoughts: readonly (readonly JsonObject[])[]): JsonObject[] => {
  let at = 0;
  return messages.map((message) => {
    if (message['role'] !== 'assistant') return message;
    const blocks = thoughts[at++] ?? [];
    return blocks.length > 0 ? { ...message, reasoning_content: blocks } : message;
  });
};

const withBlocks = (message: JsonObject): JsonObject => {
  const { reasoning_content: blocks, ...rest } = message;
  if (!Array.isArray(blocks)) return message;
  const thinking = asObjects(blocks).map((block) => {
    const signature = asString(block['signature']);
    return { type: 'thinking', thinking: asString(block['content']) ?? '', ...(signature && { signature }) };
  });
  return thinking.length > 0 ? { ...rest, thinking_blocks: thinking } : rest;
};

/** An answer, or a chunk of one, with its thoughts in the place that LiteLLM has for them in OpenAI's format. */
export const withThinkingBlocks = (body: JsonObject): JsonObject => ({
  ...body,
  choices: asObjects(body['choices']).map(({ message, delta, ...rest }) => ({
    ...rest,
    ...(asObject(message) && { message: withBlocks(message as JsonObject) }),
    ...(asObject(delta) && { delta: withBlocks(delta as JsonObject) }),
  })),
});
