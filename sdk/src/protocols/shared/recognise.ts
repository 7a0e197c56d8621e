import type { JsonObject, ProtocolId } from '../../types/index.ts';
import { asObject, asObjects } from './read.ts';

/**
 * The format that an answer, or an event of a stream, is evidently in; undefined if it does not say. For servers that
 * answer one of a vendor's endpoints in the format of another.
 */
export const recognise = (body: JsonObject): ProtocolId | undefined => {
  const { object, type } = body;
  if (object === 'chat.completion' || object === 'chat.completion.chunk') return 'openai-chat';
  if (object === 'text_completion') return 'openai-completions';
  // Claude on Bedrock speaks its owner's format at one path and Bedrock's at another.
  if (type === 'message' || type === 'message_start') return 'anthropic-messages';
  if (asObject(body['output'])?.['message'] || (body['role'] === 'assistant' && type === undefined)) return 'bedrock-converse';
  if (object === 'response' || (typeof type === 'string' && type.startsWith('response.'))) return 'openai-responses';
  // Some leave `object` out (GitHub Copilot) or empty (Azure's first event).
  const [choice] = asObjects(body['choices']);
  if (choice?.['message'] || choice?.['delta']) return 'openai-chat';
  return typeof choice?.['text'] === 'string' ? 'openai-completions' : undefined;
};
