import { SluiceError, type JsonObject, type Usage } from '../../types/index.ts';
import type { Reading, TextFormat } from '../shared/prompts/text-answer.ts';
import { asNumber, asObject, asString } from '../shared/read.ts';
import { codeOf } from '../shared/status.ts';

/** A text, the pieces of one, or what some models put around it. */
const textOf = (output: unknown): string | undefined => {
  if (typeof output === 'string') return output;
  if (Array.isArray(output)) return output.map((each) => textOf(each) ?? '').join('');
  const inside = asObject(output);
  return inside && (asString(inside['text']) ?? asString(inside['output']) ?? JSON.stringify(inside));
};

const usageOf = (metrics: JsonObject | undefined): Partial<Usage> | undefined => {
  const inputTokens = asNumber(metrics?.['input_token_count']) ?? asNumber(metrics?.['token_input_count']);
  const outputTokens = asNumber(metrics?.['output_token_count']) ?? asNumber(metrics?.['token_output_count']);
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  return { ...(inputTokens !== undefined && { inputTokens }), ...(outputTokens !== undefined && { outputTokens }), raw: metrics };
};

/** The prediction itself is not kept in it: it holds the prompt. */
const errorOf = ({ error, status }: JsonObject): SluiceError | undefined => {
  if (status === 'canceled' || status === 'aborted') {
    return new SluiceError('internal', 'The prediction was cancelled at the provider.', { retry: false, upstream: { type: status } });
  }
  const detail = asString(asObject(error)?.['detail']) ?? asString(error);
  if (status !== 'failed' && !detail) return undefined;
  const message = detail || 'The prediction failed without a message.';
  // That the words did not fit is the one failure that is the client's.
  const code = codeOf(400, message);
  return new SluiceError(code === 'invalid_request' ? 'internal' : code, message, { upstream: { type: 'failed' } });
};

export const predictions: TextFormat = {
  finish: { succeeded: 'stop', successful: 'stop' },
  read(value): Reading | undefined {
    const error = errorOf(value);
    if (error) return { pieces: [], error };
    const status = asString(value['status']);
    const text = textOf(value['output']);
    if (status === undefined && text === undefined) return undefined;
    const id = asString(value['id']);
    return {
      ...(id !== undefined && { id }),
      pieces: text === undefined || text === '' ? [] : [{ candidate: 0, text }],
      ...(status !== undefined && { finish: status }),
      usage: usageOf(asObject(value['metrics'])),
      ended: status !== undefined,
    };
  },
};
