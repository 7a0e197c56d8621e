import { createEventStreamParser } from '../../sdk/src/lib/aws-event-stream.ts';
import { createSseParser } from '../../sdk/src/lib/sse.ts';

/** A client format that is not OpenAI's, Anthropic's or Gemini's own: how it asks, and where its answers have what. */
export interface ClientFormat {
  name: string;
  /** The route of its streams, where that is another one. */
  streamed?: string;
  path(model: string, stream: boolean): string;
  body(model: string, stream: boolean): Record<string, unknown>;
  contentType: string;
  text(whole: unknown): string;
  /** The text of a stream, and whether it ended as it should; `error` where it told one. */
  read(bytes: Uint8Array): { text: string; ended: boolean; error?: string };
  /** The message of an error's body. */
  message(body: unknown): string;
}

const messages = [{ role: 'user', content: 'Hello' }];

interface OllamaLine {
  message?: { content: string };
  response?: string;
  done?: boolean;
  error?: string;
}

const readLines = (bytes: Uint8Array): { text: string; ended: boolean; error?: string } => {
  const lines = new TextDecoder()
    .decode(bytes)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as OllamaLine);
  const error = lines.find((line) => line.error !== undefined)?.error;
  return {
    text: lines.map(({ message, response }) => message?.content ?? response ?? '').join(''),
    ended: lines.at(-1)?.done === true,
    ...(error !== undefined && { error }),
  };
};

interface Told {
  event?: string;
  data: string;
}

const sseEvents = (bytes: Uint8Array): Told[] => {
  const events: Told[] = [];
  const parser = createSseParser((event) => void events.push(event));
  parser.push(bytes);
  parser.close();
  return events;
};

/** Checks each message's sums. A chunk is opened. */
const awsEvents = (bytes: Uint8Array): Told[] => {
  const events: Told[] = [];
  const parser = createEventStreamParser((event) => void events.push(event));
  parser.push(bytes);
  parser.close();
  return events;
};

interface ClaudeEvent {
  type: string;
  delta?: { text?: string };
  error?: { message: string };
  message?: string;
}

/** Anthropic's events, however framed. */
const readClaude = (events: readonly Told[]): { text: string; ended: boolean; error?: string } => {
  const parsed = events.map(({ event, data }) => ({
    exception: event?.endsWith('Exception') === true,
    ...(JSON.parse(data) as ClaudeEvent),
  }));
  const failed = parsed.find(({ exception, type }) => exception || type === 'error');
  const error = failed?.exception ? String(failed.message) : failed?.error?.message;
  return {
    text: parsed.map(({ delta }) => delta?.text ?? '').join(''),
    ended: parsed.at(-1)?.type === 'message_stop',
    ...(error !== undefined && { error }),
  };
};

interface ConverseEvent {
  delta?: { text?: string };
  stopReason?: string;
  usage?: object;
  message?: string;
}

const readConverse = (bytes: Uint8Array): { text: string; ended: boolean; error?: string } => {
  const events = awsEvents(bytes);
  const failed = events.find(({ event }) => event?.endsWith('Exception'));
  const parsed = events.map(({ data }) => JSON.parse(data) as ConverseEvent);
  return {
    text: parsed.map(({ delta }) => delta?.text ?? '').join(''),
    ended: events.at(-1)?.event === 'metadata' && events.some(({ event }) => event === 'messageStop'),
    ...(failed && { error: (JSON.parse(failed.data) as { message: string }).message }),
  };
};

interface CohereEvent {
  type: string;
  delta?: { message?: { content?: { text?: string } }; error?: string; finish_reason?: string };
}

const readCohere = (bytes: Uint8Array): { text: string; ended: boolean; error?: string } => {
  const parsed = sseEvents(bytes)
    .filter(({ data }) => data !== '[DONE]')
    .map(({ data }) => JSON.parse(data) as CohereEvent);
  const last = parsed.at(-1);
  return {
    text: parsed.map(({ delta }) => delta?.message?.content?.text ?? '').join(''),
    ended: last?.type === 'message-end' && last.delta?.finish_reason === 'COMPLETE',
    ...(last?.delta?.error !== undefined && { error: last.delta.error }),
  };
};

const claudeText = (whole: unknown) => (whole as { content: { text: string }[] }).content[0]!.text;
const awsMessage = (body: unknown) => {
  // The header says it too, and AWS's SDKs read either.
  if (!(body as { __type: string }).__type.endsWith('Exception')) throw new Error(`no type: ${JSON.stringify(body)}`);
  return (body as { message: string }).message;
};
const claudeBody = (version: string) => ({ anthropic_version: version, max_tokens: 10, messages });
const awsPath = (model: string, call: string) => `/model/${encodeURIComponent(model)}/${call}`;

const ollama = { contentType: 'application/x-ndjson', read: readLines, message: (body: unknown) => (body as { error: string }).error };

export const clientFormats: readonly ClientFormat[] = [
  {
    ...ollama,
    name: 'ollama_chat',
    path: () => '/api/chat',
    // Streaming is what it does unless it is told not to.
    body: (model, stream) => ({ model, messages, ...(!stream && { stream }) }),
    text: (whole) => (whole as { message: { content: string } }).message.content,
  },
  {
    ...ollama,
    name: 'ollama_generate',
    path: () => '/ollama/api/generate',
    body: (model, stream) => ({ model, prompt: 'Hello', ...(!stream && { stream }) }),
    text: (whole) => (whole as { response: string }).response,
  },
  {
    name: 'cohere_chat',
    path: () => '/v2/chat',
    body: (model, stream) => ({ model, messages, stream }),
    contentType: 'text/event-stream; charset=utf-8',
    text: (whole) => (whole as { message: { content: { text: string }[] } }).message.content[0]!.text,
    read: readCohere,
    message: (body) => (body as { message: string }).message,
  },
  {
    name: 'converse',
    streamed: 'converse_stream',
    path: (model, stream) => awsPath(model, stream ? 'converse-stream' : 'converse'),
    body: () => ({ messages: [{ role: 'user', content: [{ text: 'Hello' }] }] }),
    contentType: 'application/vnd.amazon.eventstream',
    text: (whole) => (whole as { output: { message: { content: { text: string }[] } } }).output.message.content[0]!.text,
    read: readConverse,
    message: awsMessage,
  },
  {
    name: 'invoke',
    streamed: 'invoke_stream',
    path: (model, stream) => `/bedrock${awsPath(model, stream ? 'invoke-with-response-stream' : 'invoke')}`,
    body: () => ({ ...claudeBody('bedrock-2023-05-31'), anthropic_beta: ['interleaved-thinking-2025-05-14'] }),
    contentType: 'application/vnd.amazon.eventstream',
    text: claudeText,
    read: (bytes) => readClaude(awsEvents(bytes)),
    message: awsMessage,
  },
  {
    name: 'raw_predict',
    streamed: 'stream_raw_predict',
    path: (model, stream) =>
      `/vertex_ai/v1/projects/p/locations/us-east5/publishers/anthropic/models/${model}:${stream ? 'streamRawPredict' : 'rawPredict'}`,
    body: (_model, stream) => ({ ...claudeBody('vertex-2023-10-16'), stream }),
    contentType: 'text/event-stream; charset=utf-8',
    text: claudeText,
    read: (bytes) => readClaude(sseEvents(bytes)),
    message: (body) => (body as { error: { message: string } }).error.message,
  },
];
