/** The requests of the lanes. */
export const key = 'sk-bench-5f0c1d7e9a3b4826';
export const masterKey = 'sk-bench-master-0b9d4c7e2f61a835';

const messages = [
  { role: 'system', content: 'You are a helpful assistant.' },
  { role: 'user', content: 'Say something about gates, in one or two sentences, please.' },
];

/** A short chat in OpenAI's format, as an SDK sends it. */
export const chatBody = (model: string, stream = false): string =>
  JSON.stringify({
    model,
    messages,
    temperature: 0.7,
    max_tokens: 100,
    ...(stream && { stream: true, stream_options: { include_usage: true } }),
  });

/** The same in Anthropic's. */
export const messagesBody = (model: string, stream = false): string =>
  JSON.stringify({
    model,
    system: messages[0]?.content,
    messages: [messages[1]],
    temperature: 0.7,
    max_tokens: 100,
    ...(stream && { stream: true }),
  });

/** The same in Google's; its path says whether it is streamed. */
export const generateBody = (): string =>
  JSON.stringify({
    systemInstruction: { parts: [{ text: messages[0]?.content }] },
    contents: [{ role: 'user', parts: [{ text: messages[1]?.content }] }],
    generationConfig: { temperature: 0.7, maxOutputTokens: 100 },
  });

/** The same in Bedrock's; its path says the model and whether it is streamed. */
export const converseBody = (): string =>
  JSON.stringify({
    system: [{ text: messages[0]?.content }],
    messages: [{ role: 'user', content: [{ text: messages[1]?.content }] }],
    inferenceConfig: { temperature: 0.7, maxTokens: 100 },
  });

/** A text to be turned into a vector, in OpenAI's format, as its SDKs send it. */
export const embeddingBody = (model: string): string =>
  JSON.stringify({ model, input: 'The gate stood open, and everyone who passed was counted.', encoding_format: 'base64' });

/** A chat with a prompt of about `bytes`, with what JSON has to escape in prose and code. */
export const largeBody = (model: string, bytes: number): string => {
  const paragraph =
    'The gate stood open, and "everyone" who passed was counted:\n\tconst count = gates.map((gate) => gate.passed).length; // not one was missed\n';
  const system = { role: 'system', content: 'You are a helpful assistant.' };
  const frame = JSON.stringify({ model, messages: [system, { role: 'user', content: '' }], max_tokens: 100 }).length;
  const content = paragraph.repeat(Math.ceil((bytes - frame) / (JSON.stringify(paragraph).length - 2)));
  return JSON.stringify({ model, messages: [system, { role: 'user', content }], max_tokens: 100 });
};

/** A whole HTTP/1.1 request. */
export const httpRequest = (path: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nauthorization: Bearer ${key}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
