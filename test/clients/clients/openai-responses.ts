import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import type { Response, ResponseCreateParamsNonStreaming, ResponseInput } from 'openai/resources/responses/responses';
import type { Json } from '../upstream/wire.ts';
import { runTool, schemaOf, type Ask, type Client, type Said } from './client.ts';
import { openaiProblem } from './openai-problem.ts';

type Body = Omit<ResponseCreateParamsNonStreaming, 'stream'>;

/**
 * The `openai` package, Responses.
 * @param byId later turns name the earlier response, instead of sending all again
 */
export const openaiResponsesClient = (baseURL: string, apiKey: string, byId: boolean): Client => {
  const client = new OpenAI({ baseURL: `${baseURL}/v1`, apiKey, maxRetries: 0 });

  const bodyOf = ({ model, prompt, system, think }: Ask): Body => ({
    model,
    input: [{ role: 'user', content: prompt }],
    ...(system !== undefined && { instructions: system }),
    ...(think && { reasoning: { effort: 'medium', summary: 'auto' } }),
    ...(!byId && { store: false, include: ['reasoning.encrypted_content'] }),
  });

  const complete = async (body: Body, { stream, signal, onText }: Ask): Promise<Response> => {
    if (!stream) return client.responses.create(body, { signal });
    const events = client.responses.stream(body, { signal });
    if (onText) events.on('response.output_text.delta', ({ delta }) => onText(delta));
    return events.finalResponse();
  };

  const said = ({ output, output_text, usage }: Response): Said => ({
    text: output_text,
    thinking: output.flatMap((item) => (item.type === 'reasoning' ? item.summary.map(({ text }) => text) : [])).join('\n'),
    calls: [],
    input: usage?.input_tokens,
    output: usage?.output_tokens,
  });

  return {
    name: byId ? 'openai: responses, by id' : 'openai: responses',
    wire: 'openai-responses',
    showsThinking: true,
    keepsThoughts: true,
    problem: openaiProblem,
    ask: async (ask) => said(await complete(bodyOf(ask), ask)),
    async converse(ask, tools) {
      const body = bodyOf(ask);
      body.tools = tools.map(({ name, description, parameters }) => ({
        type: 'function',
        name,
        description,
        parameters: schemaOf(parameters),
        strict: false,
      }));
      const calls: Said['calls'] = [];
      for (;;) {
        const answer = await complete(body, ask);
        const made = answer.output.filter((item) => item.type === 'function_call');
        if (made.length === 0) return { ...said(answer), calls };
        const results: ResponseInput = made.map(({ call_id, name, arguments: text }) => {
          const args = JSON.parse(text) as Json;
          calls.push({ name, args });
          return { type: 'function_call_output', call_id, output: runTool(tools, name, args) };
        });
        if (byId) Object.assign(body, { previous_response_id: answer.id, input: results });
        else body.input = [...(body.input as ResponseInput), ...(answer.output as ResponseInput), ...results];
      }
    },
    async structured(ask, shape) {
      const body = { ...bodyOf(ask), text: { format: zodTextFormat(shape, 'answer') } };
      const answer = ask.stream ? await client.responses.stream(body).finalResponse() : await client.responses.parse(body);
      return answer.output_parsed;
    },
  };
};
