import type { Io } from './io.ts';

/** Asks a running gateway whether it is ready. Exit code 0 if it is: for `HEALTHCHECK` and the like. */
export const askHealth = async (url: string, io: Pick<Io, 'fetch' | 'out' | 'tell'>, timeoutMs = 10_000): Promise<number> => {
  try {
    const answer = await io.fetch(`${url}/health/readiness`, { signal: AbortSignal.timeout(timeoutMs) });
    io.out(`${(await answer.text()).trim()}\n`);
    return answer.ok ? 0 : 1;
  } catch (error) {
    io.tell(`No gateway answers on ${url}: ${(error as Error).message}\n`);
    return 1;
  }
};

/** Sends one chat request to a running gateway and prints what the model said. */
export const sendTest = async (
  url: string,
  {
    key,
    model,
    io,
    timeoutMs = 60_000,
  }: { key: string | undefined; model: string; io: Pick<Io, 'fetch' | 'out' | 'tell'>; timeoutMs?: number },
): Promise<number> => {
  try {
    const answer = await io.fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'This is a test. Answer with one short sentence.' }] }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await answer.text();
    io.out(`${answer.status} ${model}: ${answer.ok ? (contentOf(text) ?? text) : text}\n`);
    return answer.ok ? 0 : 1;
  } catch (error) {
    io.tell(`No gateway answers on ${url}: ${(error as Error).message}\n`);
    return 1;
  }
};

const contentOf = (text: string): string | undefined => {
  try {
    const body = JSON.parse(text) as { choices?: { message?: { content?: unknown } }[] };
    const content = body.choices?.[0]?.message?.content;
    return typeof content === 'string' ? content : undefined;
  } catch {
    return undefined;
  }
};
