import { SluiceError } from '../types/index.ts';
import { completion, type CompletionRequest } from './completion.ts';
import type { ChatCompletion } from './wire/chat.ts';

/**
 * Many chat calls at once, no more than `concurrency` at a time.
 * @param concurrency default 10
 * @returns answers in the order of the requests; a call that failed gives its error in its place
 * @throws never
 */
export const batchCompletion = async (
  requests: readonly CompletionRequest[],
  { concurrency = 10 }: { concurrency?: number } = {},
): Promise<(ChatCompletion | Error)[]> => {
  const results: (ChatCompletion | Error)[] = [];
  let next = 0;
  const work = async () => {
    for (let at = next++; at < requests.length; at = next++) {
      try {
        results[at] = await completion({ ...requests[at]!, stream: false });
      } catch (error) {
        results[at] = error instanceof Error ? error : new Error(String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(concurrency, requests.length)) }, work));
  return results;
};

/**
 * One request to several models at once: the first good answer counts, and the other calls are cancelled.
 * @throws SluiceError the last failure, where all fail
 */
export const batchCompletionModels = async (
  request: Omit<CompletionRequest, 'model'>,
  { models }: { models: readonly CompletionRequest['model'][] },
): Promise<ChatCompletion> => {
  if (models.length === 0) throw new SluiceError('invalid_request', "'models' names no model.", { param: 'models' });
  const others = models.map(() => new AbortController());
  let last: unknown;
  const ask = async (model: CompletionRequest['model'], at: number): Promise<ChatCompletion> => {
    const { signal } = others[at]!;
    const joined = request.signal ? AbortSignal.any([request.signal, signal]) : signal;
    try {
      return await completion({ ...request, model, signal: joined, stream: false } as CompletionRequest & { stream: false });
    } catch (error) {
      last = error;
      throw error;
    }
  };
  try {
    return await Promise.any(models.map(ask));
  } catch {
    throw last;
  } finally {
    for (const each of others) each.abort();
  }
};

/** One request to several models at once. @returns an answer or an error for each, in their order @throws never */
export const batchCompletionModelsAllResponses = (
  request: Omit<CompletionRequest, 'model'>,
  { models, concurrency }: { models: readonly CompletionRequest['model'][]; concurrency?: number },
): Promise<(ChatCompletion | Error)[]> =>
  batchCompletion(
    models.map((model) => ({ ...request, model }) as CompletionRequest),
    concurrency === undefined ? {} : { concurrency },
  );
