import type { Io } from './io.ts';

/** An Ollama on this machine, and the models it has. */
export interface FoundOllama {
  url: string;
  models: string[];
}

const usualUrl = 'http://127.0.0.1:11434';

/** Looks for a local Ollama for at most `timeoutMs`. Never throws. */
export const findOllama = async (fetchIt: Io['fetch'], env: Io['env'], timeoutMs = 300): Promise<FoundOllama | undefined> => {
  const url = (env['OLLAMA_API_BASE'] || usualUrl).replace(/\/+$/, '');
  try {
    const answer = await fetchIt(`${url}/api/tags`, { signal: AbortSignal.timeout(timeoutMs) });
    if (!answer.ok) return undefined;
    const body = (await answer.json()) as { models?: { name?: unknown }[] };
    if (!Array.isArray(body.models)) return undefined;
    return { url, models: body.models.flatMap(({ name }) => (typeof name === 'string' ? [name] : [])) };
  } catch {
    return undefined;
  }
};
