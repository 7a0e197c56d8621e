import type { VendorFormat, WireFormat } from '../wire-formats.ts';
import { anthropicMessages } from './anthropic-messages.ts';
import { bedrockConverse } from './bedrock-converse.ts';
import { bedrockText } from './bedrock-text.ts';
import { cohereChat } from './cohere-chat.ts';
import { gemini } from './gemini.ts';
import { ollamaChat } from './ollama-chat.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiCompletions } from './openai-completions.ts';
import { openaiResponses } from './openai-responses.ts';
import type { Reader } from './reading.ts';
import { sagemakerText } from './sagemaker-text.ts';
import { writerText } from './writer-text.ts';

export const readers: Readonly<Record<WireFormat | VendorFormat, Reader>> = {
  'openai-chat': openaiChat,
  'openai-completions': openaiCompletions,
  'openai-responses': openaiResponses,
  'anthropic-messages': anthropicMessages,
  gemini,
  'ollama-chat': ollamaChat,
  'bedrock-converse': bedrockConverse,
  'cohere-chat': cohereChat,
  'bedrock-text': bedrockText,
  'sagemaker-text': sagemakerText,
  'writer-text': writerText,
};
