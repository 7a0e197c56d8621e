import type { ChatRequest, JsonObject } from '../../types/index.ts';
import { compact, maybe, wantArray, wantNumber, wantObject, wantString } from '../shared/read.ts';

/*
 * Ollama's `options` (https://docs.ollama.com/modelfile#parameter and https://docs.ollama.com/openapi.yaml, read
 * 2026-11-21).
 */

type Fields = Pick<
  ChatRequest,
  'maxOutputTokens' | 'temperature' | 'topP' | 'topK' | 'stop' | 'seed' | 'presencePenalty' | 'frequencyPenalty'
>;

/** Options that only Ollama has. Clients of other formats give them beside their own parameters. */
export const ownOptions: ReadonlySet<string> = new Set([
  'num_ctx',
  'num_keep',
  'num_batch',
  'num_gpu',
  'main_gpu',
  'num_thread',
  'numa',
  'low_vram',
  'vocab_only',
  'use_mmap',
  'use_mlock',
  'min_p',
  'typical_p',
  'tfs_z',
  'repeat_last_n',
  'repeat_penalty',
  'mirostat',
  'mirostat_tau',
  'mirostat_eta',
  'penalize_newline',
]);

const at = (name: string): string => `options.${name}`;

const readStop = (value: unknown, path: string): string[] =>
  typeof value === 'string' ? [value] : wantArray(value, path).map((each, index) => wantString(each, `${path}[${index}]`));

export const readOptions = (value: unknown): { fields: Fields; rest: JsonObject } => {
  const options = maybe(wantObject, value, 'options') ?? {};
  const { num_predict, temperature, top_p, top_k, stop, seed, presence_penalty, frequency_penalty, ...rest } = options;
  const limit = maybe(wantNumber, num_predict, at('num_predict'));
  const sown = maybe(wantNumber, seed, at('seed'));
  const fields: Fields = compact({
    // -1 and -2 mean without a limit, which is what is meant where none is given.
    maxOutputTokens: limit !== undefined && limit >= 0 ? limit : undefined,
    temperature: maybe(wantNumber, temperature, at('temperature')),
    topP: maybe(wantNumber, top_p, at('top_p')),
    topK: maybe(wantNumber, top_k, at('top_k')),
    stop: maybe(readStop, stop, at('stop')),
    // -1 is another one every time, which is what others do where none is given.
    seed: sown === -1 ? undefined : sown,
    presencePenalty: maybe(wantNumber, presence_penalty, at('presence_penalty')),
    frequencyPenalty: maybe(wantNumber, frequency_penalty, at('frequency_penalty')),
  });
  const own = { ...(limit !== undefined && limit < 0 && { num_predict: limit }), ...(sown === -1 && { seed: sown }) };
  return { fields, rest: { ...rest, ...own } };
};

/** @param own options that only Ollama has */
export const writeOptions = (request: ChatRequest, own: JsonObject): JsonObject | undefined => {
  const options = compact({
    num_predict: request.maxOutputTokens,
    temperature: request.temperature,
    top_p: request.topP,
    top_k: request.topK,
    stop: request.stop,
    seed: request.seed,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
    ...own,
  });
  return Object.keys(options).length === 0 ? undefined : options;
};
