import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import type { Json } from '../upstream/wire.ts';
import type { Said } from './client.ts';

/** What one chunk of a stream adds, in the shape of OpenAI's chunks, for libraries that leave the adding up to their users. */
export interface Delta {
  text?: string | null | undefined;
  thinking?: string | null | undefined;
  calls?: readonly { index?: number | undefined; id?: string | undefined; name?: string | undefined; args?: string | undefined }[];
  input?: number | undefined;
  output?: number | undefined;
}

export interface Joined extends Omit<Said, 'calls'> {
  calls: { id: string; name: string; args: Json }[];
}

/** Adds the chunks up, as programs do: what has an index goes on under it. */
export const join = async <Chunk>(
  chunks: AsyncIterable<Chunk>,
  deltaOf: (chunk: Chunk) => Delta,
  onText?: (text: string) => void,
): Promise<Joined> => {
  const said = { text: '', thinking: '', input: undefined as number | undefined, output: undefined as number | undefined };
  const calls: { id: string; name: string; text: string }[] = [];
  for await (const chunk of chunks) {
    const { text, thinking, calls: more = [], input, output } = deltaOf(chunk);
    said.text += text ?? '';
    said.thinking += thinking ?? '';
    said.input = input ?? said.input;
    said.output = output ?? said.output;
    for (const { index, id, name, args } of more) {
      const call = (calls[index ?? calls.length] ??= { id: '', name: '', text: '' });
      call.id ||= id ?? '';
      call.name ||= name ?? '';
      call.text += args ?? '';
    }
    if (text) onText?.(text);
  }
  return { ...said, calls: calls.map(({ id, name, text }) => ({ id, name, args: JSON.parse(text) as Json })) };
};

export const openaiDelta = ({ choices: [choice], usage }: ChatCompletionChunk): Delta => ({
  text: choice?.delta.content,
  calls: (choice?.delta.tool_calls ?? []).map(({ index, id, function: made }) => ({ index, id, name: made?.name, args: made?.arguments })),
  input: usage?.prompt_tokens,
  output: usage?.completion_tokens,
});
