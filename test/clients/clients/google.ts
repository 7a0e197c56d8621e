import { ApiError, GoogleGenAI, type GenerateContentConfig, type GenerateContentResponse, type Part } from '@google/genai';
import type { Json } from '../upstream/wire.ts';
import { runTool, schemaOf, type Ask, type Client, type Said } from './client.ts';

/** The `@google/genai` package, by its chats, which keep the history. */
export const googleClient = (baseUrl: string, apiKey: string): Client => {
  const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl, retryOptions: { attempts: 1 } } });

  const configOf = ({ system, think, signal }: Ask): GenerateContentConfig => ({
    ...(system !== undefined && { systemInstruction: system }),
    ...(think && { thinkingConfig: { includeThoughts: true, thinkingBudget: 2000 } }),
    ...(signal && { abortSignal: signal }),
  });

  type Chat = ReturnType<typeof client.chats.create>;
  const send = async (
    chat: Chat,
    message: string | Part[],
    { stream, onText }: Ask,
  ): Promise<{ parts: Part[]; last: GenerateContentResponse }> => {
    if (!stream) {
      const last = await chat.sendMessage({ message });
      return { parts: last.candidates?.[0]?.content?.parts ?? [], last };
    }
    const parts: Part[] = [];
    let last: GenerateContentResponse | undefined;
    for await (const chunk of await chat.sendMessageStream({ message })) {
      const more = chunk.candidates?.[0]?.content?.parts ?? [];
      parts.push(...more);
      for (const part of more) if (part.text && !part.thought) onText?.(part.text);
      last = chunk;
    }
    if (!last) throw new Error('an empty stream');
    return { parts, last };
  };

  const said = (parts: Part[], { usageMetadata }: GenerateContentResponse): Said => ({
    text: parts.map(({ text, thought }) => (thought ? '' : (text ?? ''))).join(''),
    thinking: parts.map(({ text, thought }) => (thought ? (text ?? '') : '')).join(''),
    calls: [],
    input: usageMetadata?.promptTokenCount,
    output: usageMetadata && (usageMetadata.candidatesTokenCount ?? 0) + (usageMetadata.thoughtsTokenCount ?? 0),
  });

  return {
    name: 'google: genai',
    wire: 'gemini',
    showsThinking: true,
    keepsThoughts: true,
    hidesRequestId: 'its errors have no headers',
    kindOf: () => 'ApiError',
    problem(error) {
      if (!(error instanceof ApiError)) return { kind: (error as Error).constructor.name, message: String(error) };
      // The body of the answer is the message.
      const type = /"status":\s*"([A-Z_]+)"/.exec(error.message)?.[1];
      return { kind: 'ApiError', status: error.status, message: error.message, ...(type !== undefined && { type }) };
    },
    async ask(ask) {
      const chat = client.chats.create({ model: ask.model, config: configOf(ask) });
      const { parts, last } = await send(chat, ask.prompt, ask);
      return said(parts, last);
    },
    async converse(ask, tools) {
      const functionDeclarations = tools.map(({ name, description, parameters }) => ({
        name,
        description,
        parametersJsonSchema: schemaOf(parameters),
      }));
      const chat = client.chats.create({ model: ask.model, config: { ...configOf(ask), tools: [{ functionDeclarations }] } });
      const calls: Said['calls'] = [];
      let message: string | Part[] = ask.prompt;
      for (;;) {
        const { parts, last }: Awaited<ReturnType<typeof send>> = await send(chat, message, ask);
        const made = parts.flatMap(({ functionCall }) => (functionCall ? [functionCall] : []));
        if (made.length === 0) return { ...said(parts, last), calls };
        message = made.map(({ id, name = '', args }): Part => {
          calls.push({ name, args });
          return { functionResponse: { name, response: { output: runTool(tools, name, args as Json) }, ...(id !== undefined && { id }) } };
        });
      }
    },
    async structured(ask, shape) {
      const config = { ...configOf(ask), responseMimeType: 'application/json', responseJsonSchema: schemaOf(shape) };
      const chat = client.chats.create({ model: ask.model, config });
      const { parts, last } = await send(chat, ask.prompt, ask);
      return JSON.parse(said(parts, last).text) as unknown;
    },
  };
};
