import createInstructor from '@instructor-ai/instructor';
import OpenAI from 'openai';
import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import * as z from 'zod';
import { z as older } from 'zod/v3';
import { type Ask, type Client } from './client.ts';
import { join, openaiDelta } from './deltas.ts';
import { openaiProblem } from './openai-problem.ts';

/** Instructor is written for Zod 3. */
const olderShape = (shape: z.ZodType): older.ZodTypeAny => {
  if (shape instanceof z.ZodObject)
    return older.object(
      Object.fromEntries(Object.entries(shape.shape as Record<string, z.ZodType>).map(([key, each]) => [key, olderShape(each)])),
    );
  if (shape instanceof z.ZodArray) return older.array(olderShape(shape.element as z.ZodType));
  return shape instanceof z.ZodNumber ? older.number() : older.string();
};

/** Instructor, in each of the ways in which it asks for a shape. Without a shape it is the `openai` package that it wraps. */
export const instructorClients = (base: string, apiKey: string): Client[] =>
  (['TOOLS', 'JSON_SCHEMA'] as const).map((mode) => {
    const openai = new OpenAI({ baseURL: `${base}/v1`, apiKey, maxRetries: 0 });
    const client = createInstructor({ client: openai, mode });
    const bodyOf = ({ model, prompt, system }: Ask) => ({
      model,
      messages: [
        ...(system === undefined ? [] : [{ role: 'system', content: system }]),
        { role: 'user', content: prompt },
      ] as ChatCompletionMessageParam[],
    });
    return {
      name: `instructor: ${mode}`,
      wire: 'openai-chat',
      showsThinking: false,
      keepsThoughts: false,
      problem: openaiProblem,
      async ask(ask) {
        const { signal, stream, onText } = ask;
        if (!stream) {
          const { choices, usage } = await client.chat.completions.create(bodyOf(ask), { signal });
          const counts = { input: usage?.prompt_tokens, output: usage?.completion_tokens };
          return { text: choices[0]!.message.content ?? '', thinking: '', calls: [], ...counts };
        }
        const body = { ...bodyOf(ask), stream: true, stream_options: { include_usage: true } } as const;
        const joined = await join(await client.chat.completions.create(body, { signal }), openaiDelta, onText);
        // Streams of `openai` end in silence when they are left.
        signal?.throwIfAborted();
        return { ...joined, calls: [] };
      },
      async structured(ask, shape) {
        const model = { schema: olderShape(shape) as older.AnyZodObject, name: 'answer' };
        if (!ask.stream) {
          const { _meta, ...value } = await client.chat.completions.create({ ...bodyOf(ask), response_model: model, max_retries: 0 });
          return value;
        }
        let last: object = {};
        for await (const partial of await client.chat.completions.create({ ...bodyOf(ask), response_model: model, stream: true }))
          last = partial;
        const { _meta, ...value } = last as { _meta?: unknown };
        return value;
      },
    };
  });
