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
