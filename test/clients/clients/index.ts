import { anthropicClient } from './anthropic.ts';
import { bedrockClient } from './bedrock.ts';
import type { Client } from './client.ts';
import { cohereClient } from './cohere.ts';
import { googleClient } from './google.ts';
import { groqClient } from './groq.ts';
import { instructorClients } from './instructor.ts';
import { langchainClients } from './langchain.ts';
import { llamaindexClient } from './llamaindex.ts';
import { mistralClient } from './mistral.ts';
import { ollamaClient } from './ollama.ts';
import { openaiAgentsClients } from './openai-agents.ts';
import { openaiChatClient } from './openai-chat.ts';
import { openaiResponsesClient } from './openai-responses.ts';
import { vercelClients } from './vercel.ts';

/** Every client that is tested, in front of the gateway at this address. */
export const clientsOf = (base: string, key: string): Client[] => [
  openaiChatClient(base, key, true),
  openaiChatClient(base, key, false),
  openaiResponsesClient(base, key, false),
  openaiResponsesClient(base, key, true),
  anthropicClient(base, key),
  googleClient(base, key),
  groqClient(base, key),
  mistralClient(base, key),
  cohereClient(base, key),
  ollamaClient(base, key),
  bedrockClient(base, key),
  ...vercelClients(base, key),
  ...langchainClients(base, key),
  llamaindexClient(base, key),
  ...instructorClients(base, key),
  ...openaiAgentsClients(base, key),
];
