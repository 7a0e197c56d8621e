import { table } from '../../lib/table.ts';
import type { FinishReason, JsonObject, Usage } from '../../types/index.ts';
import { asArray, asNumber, asObject, asObjects, asString, candidateIndex, compact } from '../shared/read.ts';
import type { Reading, TextFormat } from '../shared/prompts/text-answer.ts';
import { promptProtocol } from './family.ts';

/*
 * Families that answer with a text, or a list of texts. Sources, read 2026-11-22:
 * docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-text-completion.html, -deepseek.html,
 * -cohere-command.html, -jurassic2.html and -anthropic-claude-text-completion.html.
 */

/** A list of texts under a name of the family's, each with its word for the end. */
const listed = (member: string, finishMember: string, finish: Readonly<Record<string, FinishReason>>): TextFormat => ({
  finish,
  read: (value) =>
    Array.isArray(value[member])
      ? {
          id: asString(value['id']),
          pieces: asObjects(value[member]).map((each, at) => ({
            candidate: candidateIndex(each['index'], at),
            text: asString(each['text']) ?? '',
            finish: asString(each[finishMember]),
          })),
          usage: openAiCounts(asObject(value['usage'])),
        }
      : undefined,
});

const openAiCounts = (usage: JsonObject | undefined): Partial<Usage> | undefined =>
  usage && compact<Partial<Usage>>({ inputTokens: asNumber(usage['prompt_tokens']), outputTokens: asNumber(usage['completion_tokens']) });

const plainWords: Readonly<Record<string, FinishReason>> = table({ stop: 'stop', length: 'length' });

/** Mistral 7B, Mixtral and the first Mistral Large and Small. */
export const bedrockMistral = promptProtocol({
  id: 'bedrock-mistral',
  origin: 'mistral',
  template: () => 'mistral',
  names: { maxOutputTokens: 'max_tokens', temperature: 'temperature', topP: 'top_p', topK: 'top_k', stop: 'stop' },
  body: (prompt, parameters) => ({ prompt, ...parameters }),
  format: listed('outputs', 'stop_reason', plainWords),
});

/** DeepSeek-R1 as Bedrock serves it: the prompt opens its thoughts. */
export const bedrockDeepSeek = promptProtocol({
  id: 'bedrock-deepseek',
  origin: 'deepseek',
  template: () => 'deepseek-r1',
  names: { maxOutputTokens: 'max_tokens', temperature: 'temperature', topP: 'top_p', stop: 'stop' },
  body: (prompt, parameters) => ({ prompt, ...parameters }),
  thinks: true,
  format: { ...listed('choices', 'stop_reason', plainWords), thoughts: { open: '<think>', close: '</think>', opened: true } },
});

const generations = listed(
  'generations',
  'finish_reason',
  table({ complete: 'stop', max_tokens: 'length', error: 'error', error_toxic: 'content-filter' }),
);

/** An event of a stream: a text, and at the end why there is no more. */
const generated = (value: JsonObject): Reading | undefined => {
  const finish = asString(value['finish_reason']);
  if (typeof value['text'] !== 'string' && finish === undefined && value['is_finished'] === undefined) return undefined;
  const candidate = candidateIndex(value['index'], 0);
  return { pieces: typeof value['text'] === 'string' ? [{ candidate, text: value['text'] }] : [], finish };
};

/** Cohere Command before Command R. */
export const bedrockCohere = promptProtocol({
  id: 'bedrock-cohere',
  origin: 'cohere',
  template: () => 'plain',
  names: {
    maxOutputTokens: 'max_tokens',
    temperature: 'temperature',
    topP: 'p',
    topK: 'k',
    stop: 'stop_sequences',
    candidateCount: 'num_generations',
  },
  body: (prompt, parameters, { stream }) => ({ prompt, ...parameters, ...(stream && { stream: true }) }),
  format: { ...generations, read: (value) => generations.read(value) ?? generated(value) },
});

const completed: TextFormat = {
  finish: table({ endoftext: 'stop', stop: 'stop-sequence', length: 'length' }),
  read(value) {
    if (!Array.isArray(value['completions'])) return undefined;
    const completions = asObjects(value['completions']);
    const tokens = (holder: unknown): unknown => asObject(holder)?.['tokens'];
    return {
      ...(value['id'] !== undefined && { id: String(value['id']) }),
      pieces: completions.map(({ data, finishReason }, candidate) => ({
        candidate,
        text: asString(asObject(data)?.['text']) ?? '',
        finish: asString(asObject(finishReason)?.['reason']),
      })),
      // It lists its tokens, and counts them nowhere.
      ...(Array.isArray(tokens(value['prompt'])) && {
        usage: {
          inputTokens: asArray(tokens(value['prompt'])).length,
          outputTokens: completions.reduce((sum, { data }) => sum + asArray(tokens(data)).length, 0),
        },
      }),
    };
  },
};

/** AI21 Jurassic-2, which does not stream. */
export const bedrockJurassic = promptProtocol({
  id: 'bedrock-jurassic',
  origin: 'ai21',
  template: () => 'plain',
  names: { maxOutputTokens: 'maxTokens', temperature: 'temperature', topP: 'topP', stop: 'stopSequences', candidateCount: 'numResults' },
  body: (prompt, parameters) => ({ prompt, ...parameters }),
  format: completed,
});

/** It must be told when to stop. */
const mostClaudeWrites = 4096;

/** Claude 2 and before in the format that they began with. */
export const bedrockClaudeText = promptProtocol({
  id: 'bedrock-claude-text',
  origin: 'anthropic',
  template: () => 'claude',
  names: { maxOutputTokens: 'max_tokens_to_sample', temperature: 'temperature', topP: 'top_p', topK: 'top_k', stop: 'stop_sequences' },
  body: (prompt, parameters) => ({ prompt, max_tokens_to_sample: mostClaudeWrites, ...parameters }),
  format: {
    finish: table({ stop_sequence: 'stop', max_tokens: 'length' }),
    read: (value) =>
      typeof value['completion'] === 'string'
        ? { pieces: [{ candidate: 0, text: value['completion'], finish: asString(value['stop_reason']) }] }
        : undefined,
  },
});
