import {
  anthropicEvents,
  anthropicJson,
  converseEvents,
  converseJson,
  embeddingJson,
  geminiEvents,
  geminiJson,
  openaiEvents,
  openaiJson,
} from './answers.ts';
import { chatBody, converseBody, embeddingBody, generateBody, messagesBody } from './request.ts';

/** An API that the mock upstream plays. */
export interface Vendor {
  /** How its requests begin, whole and streamed; the same where the body says which. */
  path: (stream: boolean) => string;
  /** A request of its own format: what nginx is asked. */
  body: (stream: boolean) => string;
  json: string;
  streamType: string;
  /** `count` events in all, framed. */
  events: (count: number) => (string | Uint8Array)[];
  /** The gateway's parameters of a model there. @param origin of the upstream */
  params: (origin: string) => string;
}

const sse = 'text/event-stream';

/** By the names of the gateway's models. */
export const vendors = {
  same: {
    path: () => '/v1/chat/completions',
    body: (stream) => chatBody('gpt-bench', stream),
    json: openaiJson,
    streamType: sse,
    events: openaiEvents,
    params: (origin) =>
      `{ model: openai/gpt-bench, api_base: "${origin}/v1", api_key: sk-upstream, input_cost_per_token: 0.0000025, output_cost_per_token: 0.00001 }`,
  },
  embedding: {
    path: () => '/v1/embeddings',
    body: () => embeddingBody('embedding-bench'),
    json: embeddingJson,
    streamType: sse,
    events: () => [],
    params: (origin) => `{ model: openai/embedding-bench, api_base: "${origin}/v1", api_key: sk-upstream }`,
  },
  anthropic: {
    path: () => '/v1/messages',
    body: (stream) => messagesBody('claude-bench', stream),
    json: anthropicJson,
    streamType: sse,
    events: anthropicEvents,
    params: (origin) => `{ model: anthropic/claude-bench, api_base: "${origin}", api_key: sk-upstream }`,
  },
  gemini: {
    path: (stream) => `/v1beta/models/gemini-bench:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    body: generateBody,
    json: geminiJson,
    streamType: sse,
    events: geminiEvents,
    params: (origin) => `{ model: gemini/gemini-bench, api_base: "${origin}/v1beta", api_key: sk-upstream }`,
  },
  bedrock: {
    path: (stream) => `/model/amazon.nova-bench-v1%3A0/converse${stream ? '-stream' : ''}`,
    body: converseBody,
    json: converseJson,
    streamType: 'application/vnd.amazon.eventstream',
    events: converseEvents,
    // Signed, as most are.
    params: (origin) =>
      `{ model: "bedrock/amazon.nova-bench-v1:0", aws_bedrock_runtime_endpoint: "${origin}", aws_region_name: us-east-1, aws_access_key_id: AKIDBENCH, aws_secret_access_key: bench-secret }`,
  },
} satisfies Record<string, Vendor>;

export type VendorName = keyof typeof vendors;
