/** A provider that remembers which calls it has answered: the message says which one it is. */
export interface CountedUpstream {
  readonly url: string;
  /** Calls that it was asked for, by their ids: how often. */
  readonly asked: ReadonlyMap<string, number>;
  /** Calls that it answered, and the most that it had at a time. */
  readonly calls: number;
  readonly mostAtOnce: number;
  /** Forgets both. */
  forget(): void;
  stop(): Promise<void>;
}

/** As its price list has it: 5 tokens at 2 and 7 at 3 microdollars. */
export const usage = { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 };
export const nanodollarsOfOne = 5 * 2000 + 7 * 3000;

const chunk = (id: string, members: object): string =>
  `data: ${JSON.stringify({ id: `chatcmpl-${id}`, object: 'chat.completion.chunk', created: 1, model: 'm', ...members })}\n\n`;

/** OpenAI's format, whole and in streams whose pieces come a few milliseconds apart. */
export const startCountedUpstream = ({
  pauseMs = 2,
  billed = usage,
}: { pauseMs?: number; billed?: typeof usage } = {}): CountedUpstream => {
  const asked = new Map<string, number>();
  let [calls, open, mostAtOnce] = [0, 0, 0];
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 0,
    async fetch(request) {
      const { messages, stream } = (await request.json()) as { messages: [{ content: string }]; stream?: boolean };
      const id = messages[0].content.trim();
      asked.set(id, (asked.get(id) ?? 0) + 1);
      calls++;
      mostAtOnce = Math.max(mostAtOnce, ++open);
      if (pauseMs > 0) await Bun.sleep(pauseMs);
      if (!stream) {
        open--;
        const choices = [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'one two three' } }];
        return Response.json({ id: `chatcmpl-${id}`, object: 'chat.completion', created: 1, model: 'm', choices, usage: billed });
      }
      const body = async function* () {
        try {
          for (const word of ['one', ' two', ' three']) {
            yield chunk(id, { choices: [{ index: 0, delta: { content: word }, finish_reason: null }] });
            if (pauseMs > 0) await Bun.sleep(pauseMs);
          }
          yield chunk(id, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
          yield chunk(id, { choices: [], usage: billed });
          yield 'data: [DONE]\n\n';
        } finally {
          open--;
        }
      };
      return new Response(body() as unknown as ReadableStream, { headers: { 'content-type': 'text/event-stream' } });
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}/v1`,
    asked,
    get calls() {
      return calls;
    },
    get mostAtOnce() {
      return mostAtOnce;
    },
    forget: () => void ([calls, mostAtOnce] = [0, 0]),
    stop: () => server.stop(true),
  };
};

/** The configuration of a gateway in front of it. */
export const configOf = (url: string, more = ''): string => `
model_list:
  - model_name: gpt-4o
    litellm_params:
      { model: openai/m, api_base: '${url}', api_key: none, input_cost_per_token: 0.000002, output_cost_per_token: 0.000003, max_retries: 0 }
${more}`;

/** One call. @returns whether its client has the whole answer */
export const callWhole = async (
  gateway: string,
  { id, key, stream = false, body = {} }: { id: string; key: string; stream?: boolean; body?: object },
): Promise<boolean> => {
  try {
    const response = await fetch(`${gateway}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, 'x-litellm-call-id': id },
      body: JSON.stringify({
        model: 'gpt-4o',
        // All of one length, for their tokens are estimated by it.
        messages: [{ role: 'user', content: id.padEnd(12) }],
        max_tokens: 7,
        ...(stream && { stream, stream_options: { include_usage: true } }),
        ...body,
      }),
    });
    if (!response.ok || !response.body) return false;
    if (!stream) return ((await response.json()) as { usage?: object }).usage !== undefined;
    let text = '';
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
      text += piece;
      // A client of OpenAI's leaves here.
      if (text.includes('data: [DONE]\n\n')) return true;
    }
    return false;
  } catch {
    return false;
  }
};
