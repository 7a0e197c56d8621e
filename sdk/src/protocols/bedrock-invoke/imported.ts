import type { TextFormat, Reading } from '../shared/prompts/text-answer.ts';
import { promptProtocol } from './family.ts';
import { llamaAnswer } from './llama.ts';

/*
 * Imported models that are not Llama's: its members, in a template of their own
 * (docs.aws.amazon.com/bedrock/latest/userguide/invoke-imported-model.html, read 2026-11-22).
 */

const think = { open: '<think>', close: '</think>' };

/** Models of DeepSeek's R1 and its distillations. */
export const bedrockImportedR1 = promptProtocol({
  id: 'bedrock-imported-r1',
  origin: 'deepseek',
  template: () => 'deepseek-r1',
  names: { maxOutputTokens: 'max_gen_len', temperature: 'temperature', topP: 'top_p' },
  body: (prompt, parameters) => ({ prompt, ...parameters }),
  thinks: true,
  format: { ...llamaAnswer, thoughts: { ...think, opened: true } },
});

const marks = /^<\|im_start\|>assistant\n|<\|im_end\|>$/g;

/** Some write the marks of their template into the answer. */
const withoutMarks: TextFormat = {
  ...llamaAnswer,
  thoughts: think,
  read(value): Reading | undefined {
    const reading = llamaAnswer.read(value);
    return reading && { ...reading, pieces: reading.pieces.map((piece) => ({ ...piece, text: piece.text?.replaceAll(marks, '') ?? '' })) };
  },
};

/** Models of Qwen 2 and 3. */
export const bedrockImportedQwen = promptProtocol({
  id: 'bedrock-imported-qwen',
  origin: 'qwen',
  template: () => 'chatml',
  names: { maxOutputTokens: 'max_gen_len', temperature: 'temperature', topP: 'top_p', topK: 'top_k', stop: 'stop' },
  body: (prompt, parameters) => ({ prompt, ...parameters }),
  thinks: true,
  format: withoutMarks,
});
