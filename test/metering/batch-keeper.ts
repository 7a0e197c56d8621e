/** A provider that keeps batches as OpenAI and Anthropic do, and works on them when a test says so. */
export interface BatchKeeper {
  url: string;
  /** The state of all batches. */
  status: string;
  /** OpenAI's newer batches sum up what they used. */
  sums: boolean;
  outputReads: number;
  /** Lines of the file that batches are made of. */
  input: string;
  inputReads: number;
  /** Batches are not taken. */
  refuses: boolean;
  made: number;
  /** How the output is read: it is not there. */
  lost: boolean;
  /** One of its answers does not say what it used. */
  silent: boolean;
  /** Ids that clients have deleted: they are not there any more. */
  deleted: string[];
  stop(): Promise<void>;
}

/** What each answer of a batch used. */
const used = [
  { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 },
  { prompt_tokens: 500, completion_tokens: 50, total_tokens: 550, prompt_tokens_details: { cached_tokens: 200 } },
];

const lines = [
  ...used.map((usage, at) => ({
    id: `r${at}`,
    custom_id: `c${at}`,
    response: { status_code: 200, body: { object: 'chat.completion', model: 'gpt-4o-2024-08-06', choices: [], usage } },
    error: null,
  })),
  { id: 'r9', custom_id: 'c9', response: { status_code: 400, body: { error: { message: 'no' } } }, error: null },
];
const results = [
  {
    custom_id: 'a',
    result: {
      type: 'succeeded',
      message: { type: 'message', model: 'claude', content: [], usage: { input_tokens: 1000, output_tokens: 100, service_tier: 'batch' } },
    },
  },
  {
    custom_id: 'b',
    result: {
      type: 'succeeded',
      message: {
        type: 'message',
        model: 'claude',
        content: [],
        usage: { input_tokens: 300, cache_read_input_tokens: 200, output_tokens: 50, service_tier: 'batch' },
      },
    },
  },
  { custom_id: 'c', result: { type: 'errored', error: { type: 'error', error: { type: 'invalid_request', message: 'no' } } } },
];
const jsonLines = (list: readonly object[]): Response =>
  new Response(`${list.map((each) => JSON.stringify(each)).join('\n')}\n`, { headers: { 'content-type': 'application/octet-stream' } });

/** What a test starts with. */
export const freshKeeper = {
  status: 'validating',
  sums: false,
  outputReads: 0,
  lost: false,
  silent: false,
  deleted: [],
  input: '',
  inputReads: 0,
  refuses: false,
};

export const startBatchKeeper = (): BatchKeeper => {
  const keeper: BatchKeeper = {
    url: '',
    status: 'validating',
    sums: false,
    outputReads: 0,
    input: '',
    inputReads: 0,
    refuses: false,
    made: 0,
    lost: false,
    silent: false,
    deleted: [],
    stop: () => server.stop(true),
  };
  const over = () => ['completed', 'expired', 'cancelled'].includes(keeper.status);
  const batch = (id: string) => ({
    id,
    object: 'batch',
    endpoint: '/v1/chat/completions',
    input_file_id: 'file-in',
    completion_window: '24h',
    status: keeper.status,
    output_file_id: over() ? 'file-out' : null,
    request_counts: { total: 3, completed: over() ? 2 : 0, failed: over() ? 1 : 0 },
    created_at: 1,
    ...(keeper.sums &&
      over() && { usage: { input_tokens: 1500, input_tokens_details: { cached_tokens: 200 }, output_tokens: 150, total_tokens: 1650 } }),
  });
  const messages = (id: string) => ({
    id,
    type: 'message_batch',
    processing_status: over() ? 'ended' : 'in_progress',
    request_counts: { processing: over() ? 0 : 3, succeeded: over() ? 2 : 0, errored: over() ? 1 : 0, canceled: 0, expired: 0 },
    results_url: null,
  });
  const response = (id: string) => ({
    id,
    object: 'response',
    model: 'gpt-4o',
    background: true,
    status: over() ? 'completed' : 'queued',
    output: [],
    usage: over() ? { input_tokens: 1000, output_tokens: 100, total_tokens: 1100 } : null,
  });
  const server = Bun.serve({
    port: 0,
    fetch(request) {
      const { pathname } = new URL(request.url);
      const id = pathname
        .replace(/\/cancel$/, '')
        .split('/')
        .at(-1)!;
      if (pathname.endsWith('/files/file-in/content')) {
        keeper.inputReads++;
        return new Response(keeper.input, { headers: { 'content-type': 'application/octet-stream' } });
      }
      if (request.method === 'DELETE') {
        keeper.deleted = [...keeper.deleted, id];
        return Response.json({ id, deleted: true });
      }
      if (keeper.deleted.some((gone) => pathname.split('/').includes(gone)))
        return Response.json({ error: { message: 'No such object' } }, { status: 404 });
      if (/\/files\/[\w-]+$/.test(pathname))
        return Response.json({ id, object: 'file', purpose: id === 'file-out' ? 'batch_output' : 'batch' });
      if (pathname.includes('/files/file-gone/')) return Response.json({ error: { message: 'No such File object' } }, { status: 404 });
      if (keeper.refuses && request.method === 'POST') return Response.json({ error: { message: 'no' } }, { status: 400 });
      if (pathname.endsWith('/content') || pathname.endsWith('/results')) {
        keeper.outputReads++;
        if (keeper.lost) return Response.json({ error: { message: 'No such File object' } }, { status: 404 });
        const silent = { custom_id: 'c3', response: { status_code: 200, body: { object: 'chat.completion', choices: [] } }, error: null };
        return jsonLines(pathname.endsWith('/content') ? (keeper.silent ? [...lines, silent] : lines) : results);
      }
      if (pathname.endsWith('/messages/batches')) return Response.json(messages(`msgbatch_${++keeper.made}`));
      if (pathname.includes('/messages/batches/')) return Response.json(messages(id));
      if (pathname.endsWith('/responses')) return Response.json(response(`resp_${++keeper.made}`));
      if (pathname.includes('/responses/')) return Response.json(response(id));
      if (request.method === 'POST' && pathname.endsWith('/batches')) return Response.json(batch(`batch_${++keeper.made}`));
      if (pathname.endsWith('/batches')) return Response.json({ object: 'list', data: [batch(`batch_${keeper.made}`)], has_more: false });
      return Response.json(batch(id));
    },
  });
  keeper.url = String(server.url);
  return keeper;
};
