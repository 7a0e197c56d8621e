/** A client format that is not OpenAI's, Anthropic's or Gemini's own: how it asks, and where its answers have what. */
export interface ClientFormat {
  name: string;
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
];
