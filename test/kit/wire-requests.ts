import { list, obj, str, type Obj } from './read/reading.ts';
import { requestBody, type Recording } from './recordings.ts';
import type { ClientFormat, NativeFormat, SideFormat } from './wire-formats.ts';

/** A function that the recorded request declared, whatever its format. */
export interface DeclaredTool {
  name: string;
  description: string;
  parameters: Obj;
  /** Takes free text (OpenAI custom tools). */
  custom: boolean;
}

const noParameters: Obj = { type: 'object', properties: {} };

const declared = (tool: Obj, parameters: unknown, custom = false): DeclaredTool => ({
  name: str(tool['name']),
  description: str(tool['description']) || 'A tool.',
  parameters: Object.keys(obj(parameters)).length > 0 ? obj(parameters) : noParameters,
  custom,
});

/** The functions that a request declares. Tools that the provider runs itself are left out: only it knows them. */
export const declaredTools = (body: Obj): DeclaredTool[] => {
  const tools = body['toolConfig'] === undefined ? body['tools'] : obj(body['toolConfig'])['tools'];
  const found = list(tools).flatMap((tool): DeclaredTool[] => {
    if (tool['function']) return [declared(obj(tool['function']), obj(tool['function'])['parameters'])];
    if (tool['custom']) return [declared(obj(tool['custom']), undefined, true)];
    if (tool['functionDeclarations']) {
      return list(tool['functionDeclarations']).map((fn) => declared(fn, fn['parametersJsonSchema'] ?? fn['parameters']));
    }
    if (tool['toolSpec']) return [declared(obj(tool['toolSpec']), obj(obj(tool['toolSpec'])['inputSchema'])['json'])];
    if (tool['input_schema']) return [declared(tool, tool['input_schema'])];
    if (tool['type'] === 'function') return [declared(tool, tool['parameters'])];
    return tool['type'] === 'custom' && tool['name'] ? [declared(tool, undefined, true)] : [];
  });
  return [...found, ...list(body['functions']).map((fn) => declared(fn, fn['parameters']))].filter(({ name }) => name !== '');
};

const prompt = 'Please answer.';
/** Anthropic demands a limit. */
const maxTokens = 4096;

/** A custom tool for formats that have none, as the gateway shows it to them: a function with one text. */
const asFunction = ({ parameters, custom }: DeclaredTool): Obj =>
  custom ? { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] } : parameters;

const functionOf = (tool: DeclaredTool): Obj => ({
  type: 'function',
  function: { name: tool.name, description: tool.description, parameters: asFunction(tool) },
});

const messages = [{ role: 'user', content: prompt }];

type Build = (model: string, stream: boolean, tools: DeclaredTool[]) => Obj;

const builders: Readonly<Record<ClientFormat, Build>> = {
  'openai-chat': (model, stream, tools) => ({
    model,
    messages,
    ...(tools.length > 0 && {
      tools: tools.map((tool) =>
        tool.custom
          ? { type: 'custom', custom: { name: tool.name, description: tool.description } }
          : { type: 'function', function: { name: tool.name, description: tool.description, parameters: tool.parameters } },
      ),
    }),
    ...(stream && { stream: true, stream_options: { include_usage: true } }),
  }),
  'openai-completions': (model, stream) => ({
    model,
    prompt,
    ...(stream && { stream: true, stream_options: { include_usage: true } }),
  }),
  'openai-responses': (model, stream, tools) => ({
    model,
    input: prompt,
    ...(tools.length > 0 && {
      tools: tools.map((tool) =>
        tool.custom
          ? { type: 'custom', name: tool.name, description: tool.description }
          : { type: 'function', name: tool.name, description: tool.description, parameters: tool.parameters, strict: false },
      ),
    }),
    ...(stream && { stream: true }),
  }),
  'anthropic-messages': (model, stream, tools) => ({
    model,
    max_tokens: maxTokens,
    messages,
    ...(tools.length > 0 && {
      tools: tools.map((tool) => ({ name: tool.name, description: tool.description, input_schema: asFunction(tool) })),
    }),
    ...(stream && { stream: true }),
  }),
  gemini: (_model, _stream, tools) => ({
    contents: [{ role: 'user', parts: [{ text: prompt }] }],
    ...(tools.length > 0 && {
      tools: [
        {
          functionDeclarations: tools.map((tool) => ({
            name: tool.name,
            description: tool.description,
            parametersJsonSchema: asFunction(tool),
          })),
        },
      ],
    }),
  }),
  'bedrock-converse': (_model, _stream, tools) => ({
    messages: [{ role: 'user', content: [{ text: prompt }] }],
    ...(tools.length > 0 && {
      toolConfig: {
        tools: tools.map((tool) => ({
          toolSpec: { name: tool.name, description: tool.description, inputSchema: { json: asFunction(tool) } },
        })),
      },
    }),
  }),
  'cohere-chat': (model, stream, tools) => ({ model, messages, stream, ...(tools.length > 0 && { tools: tools.map(functionOf) }) }),
  'ollama-chat': (model, stream, tools) => ({ model, messages, stream, ...(tools.length > 0 && { tools: tools.map(functionOf) }) }),
};

/** A request of a client of `format` that could have led to the recorded answer: one user message, the same tools. */
export const clientRequest = (format: ClientFormat, recording: Recording, model: string): Obj =>
  builders[format](model, recording.stream, declaredTools(requestBody(recording) ?? {}));

/** The path that a client of the format calls. */
export const clientPath = (format: ClientFormat | SideFormat | NativeFormat, model: string, stream: boolean): string =>
  ({
    'openai-chat': '/v1/chat/completions',
    'openai-completions': '/v1/completions',
    'openai-responses': '/v1/responses',
    'anthropic-messages': '/v1/messages',
    gemini: `/v1beta/models/${encodeURIComponent(model)}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    'bedrock-converse': `/model/${encodeURIComponent(model)}/converse${stream ? '-stream' : ''}`,
    'bedrock-invoke': `/model/${encodeURIComponent(model)}/invoke${stream ? '-with-response-stream' : ''}`,
    'cohere-chat': '/v2/chat',
    'ollama-chat': '/api/chat',
    'openai-embeddings': '/v1/embeddings',
    'gemini-embeddings': `/v1beta/models/${encodeURIComponent(model)}:batchEmbedContents`,
    'bedrock-embeddings': `/model/${encodeURIComponent(model)}/invoke`,
    'cohere-embeddings': '/v2/embed',
    'vertex-embeddings': `/v1/projects/p/locations/us-central1/publishers/google/models/${encodeURIComponent(model)}:predict`,
    'cohere-rerank': '/v2/rerank',
    'jina-rerank': '/v2/rerank',
    'vendor-embeddings': '/v1/embeddings',
    'anthropic-count': '/v1/messages/count_tokens',
    'bedrock-count': `/model/${encodeURIComponent(model)}/count-tokens`,
    'gemini-count': `/v1beta/models/${encodeURIComponent(model)}:countTokens`,
  })[format];
