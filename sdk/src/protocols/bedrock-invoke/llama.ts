import { table } from '../../lib/table.ts';
import { asNumber, asObject, asString, compact } from '../shared/read.ts';
import type { TemplateName } from '../shared/prompts/templates.ts';
import type { TextFormat } from '../shared/prompts/text-answer.ts';
import { promptProtocol } from './family.ts';

const templateOf = (model: string): TemplateName => {
  if (/llama-?2/i.test(model)) return 'llama2';
  return /llama-?4/i.test(model) ? 'llama4' : 'llama3';
};

/** What models answer that Bedrock serves as Llama: Meta's, and imported ones (which may say `text`, and count as OpenAI does). */
export const llamaAnswer: TextFormat = {
  finish: table({
    stop: 'stop',
    eos_token: 'stop',
    end_turn: 'stop',
    stop_sequence: 'stop-sequence',
    length: 'length',
    max_tokens: 'length',
  }),
  read(value) {
    const text = asString(value['generation']) ?? asString(value['text']);
    const finish = asString(value['stop_reason']);
    if (text === undefined && finish === undefined) return undefined;
    const usage = asObject(value['usage']);
    return {
      pieces: [{ candidate: 0, text: text ?? '', finish }],
      usage: compact({
        inputTokens: asNumber(value['prompt_token_count'] ?? usage?.['prompt_tokens']),
        outputTokens: asNumber(value['generation_token_count'] ?? usage?.['completion_tokens']),
      }),
    };
  },
};

/** Meta Llama, and imported models that are of its kind (docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-meta.html, read 2026-11-22). */
export const bedrockLlama = promptProtocol({
  id: 'bedrock-llama',
  origin: 'meta',
  template: templateOf,
  names: { maxOutputTokens: 'max_gen_len', temperature: 'temperature', topP: 'top_p' },
  body: (prompt, parameters) => ({ prompt, ...parameters }),
  format: llamaAnswer,
});
