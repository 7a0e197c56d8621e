/** A server of one's own that answers chat and lists its models, as vLLM and as Ollama do. */
export interface ModelServer {
  host: string;
  port: number;
  url: string;
  /** What it answers every chat with. */
  readonly says: string;
  /** Chat calls that came. */
  calls(): number;
  /** Keys that came with questions for the list. */
  listKeys: (string | null)[];
  setModels(models: readonly string[]): void;
  answerListWith(answer: (() => Response) | undefined): void;
  /** Chat answers wait until this is called again with undefined. */
  hold(until: Promise<unknown> | undefined): void;
  stop(): Promise<void>;
}

/** vLLM: https://docs.vllm.ai/en/latest/serving/openai_compatible_server/; Ollama: https://docs.ollama.com/api/tags. Read 2026-11-22. */
export const startModelServer = (says: string, { host = '127.0.0.1', port = 0 }: { host?: string; port?: number } = {}): ModelServer => {
  let models: readonly string[] = [];
  let calls = 0;
  let instead: (() => Response) | undefined;
  let held: Promise<unknown> | undefined;
  const listKeys: (string | null)[] = [];
  const server = Bun.serve({
    hostname: host,
    port,
    idleTimeout: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === '/v1/models' || pathname === '/api/tags') {
        listKeys.push(request.headers.get('authorization'));
        if (instead) return instead();
        return pathname === '/v1/models'
          ? Response.json({ object: 'list', data: models.map((id) => ({ id, object: 'model', created: 1, owned_by: 'vllm' })) })
          : Response.json({ models: models.map((name) => ({ name, model: name, size: 1, digest: 'd', details: {} })) });
      }
      calls++;
      await held;
      if (pathname === '/api/chat') {
        const { model } = (await request.json()) as { model: string };
        return Response.json({
          model,
          created_at: '2026-11-22T00:00:00Z',
          message: { role: 'assistant', content: says },
          done: true,
          done_reason: 'stop',
          prompt_eval_count: 1,
          eval_count: 1,
        });
      }
      const { model } = (await request.json()) as { model: string };
      return Response.json({
        id: 'chatcmpl-1',
        object: 'chat.completion',
        created: 1,
        model,
        choices: [{ index: 0, message: { role: 'assistant', content: says }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
      });
    },
  });
  return {
    host,
    port: server.port!,
    url: `http://${host}:${server.port}`,
    says,
    calls: () => calls,
    listKeys,
    setModels: (next) => void (models = next),
    answerListWith: (answer) => void (instead = answer),
    hold: (until) => void (held = until),
    stop: () => server.stop(true),
  };
};
