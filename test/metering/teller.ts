/** A provider of four formats whose answers are told piece by piece, as a test wants them. */
export interface Teller {
  url: string;
  /** How many pieces an answer has; a stream that is not to end stops there. */
  pieces: number;
  /** Answers say what they used. */
  counts: boolean;
  /** Streams break off behind their pieces. */
  breaks: boolean;
  /** Before the end of an answer. */
  delayMs: number;
  /** Nothing is answered. */
  silent: boolean;
  refuses: boolean;
  /** The body of the last request. */
  asked: object;
  /** The text of the last answer. */
  said: string;
  requests: number;
  stop(): Promise<void>;
}

const piece = (at: number) => `piece ${at} of a tale that goes on and on, `;
export const [promptTokens, answerTokens] = [150, 40];

interface Format {
  events(teller: Teller): object[];
  /** What ends a stream and counts it. */
  end(counts: boolean): object[];
  whole(text: string, counts: boolean): object;
  frame(event: object): string;
}

const sse = (event: object): string => {
  const { type } = event as { type?: string };
  return `${type === undefined ? '' : `event: ${type}\n`}data: ${JSON.stringify(event)}\n\n`;
};
const texts = ({ pieces }: Teller): string[] => Array.from({ length: pieces }, (_, at) => piece(at));

const openai: Format = {
  events: (teller) =>
    texts(teller).map((content) => ({
      id: 'x',
      object: 'chat.completion.chunk',
      model: 'gpt-4o',
      choices: [{ index: 0, delta: { content }, finish_reason: null }],
    })),
  end: (counts) => [
    { id: 'x', object: 'chat.completion.chunk', model: 'gpt-4o', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    ...(counts
      ? [
          {
            id: 'x',
            object: 'chat.completion.chunk',
            model: 'gpt-4o',
            choices: [],
            usage: { prompt_tokens: promptTokens, completion_tokens: answerTokens, total_tokens: promptTokens + answerTokens },
          },
        ]
      : []),
    { done: true },
  ],
  whole: (content, counts) => ({
    id: 'x',
    object: 'chat.completion',
    model: 'gpt-4o',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    ...(counts && { usage: { prompt_tokens: promptTokens, completion_tokens: answerTokens, total_tokens: promptTokens + answerTokens } }),
  }),
  frame: (event) => ('done' in event ? 'data: [DONE]\n\n' : sse(event)),
};

const anthropic: Format = {
  events: (teller) => [
    {
      type: 'message_start',
      message: {
        id: 'm',
        type: 'message',
        role: 'assistant',
        model: 'claude',
        content: [],
        ...(teller.counts && { usage: { input_tokens: promptTokens, output_tokens: 1 } }),
      },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...texts(teller).map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
  ],
  end: (counts) => [
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, ...(counts && { usage: { output_tokens: answerTokens } }) },
    { type: 'message_stop' },
  ],
  whole: (text, counts) => ({
    id: 'm',
    type: 'message',
    role: 'assistant',
    model: 'claude',
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    ...(counts && { usage: { input_tokens: promptTokens, output_tokens: answerTokens } }),
  }),
  frame: sse,
};

const geminiCounts = { promptTokenCount: promptTokens, candidatesTokenCount: answerTokens, totalTokenCount: promptTokens + answerTokens };
const gemini: Format = {
  events: (teller) =>
    texts(teller).map((text) => ({ candidates: [{ index: 0, content: { role: 'model', parts: [{ text }] } }], modelVersion: 'gemini' })),
  end: (counts) => [
    {
      candidates: [{ index: 0, content: { role: 'model', parts: [{ text: '' }] }, finishReason: 'STOP' }],
      ...(counts && { usageMetadata: geminiCounts }),
    },
  ],
  whole: (text, counts) => ({
    candidates: [{ index: 0, content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP' }],
    ...(counts && { usageMetadata: geminiCounts }),
  }),
  frame: sse,
};

const ollama: Format = {
  events: (teller) =>
    texts(teller).map((content) => ({
      model: 'llama',
      created_at: '2026-01-01T00:00:00Z',
      message: { role: 'assistant', content },
      done: false,
    })),
  end: (counts) => [
    {
      model: 'llama',
      created_at: '2026-01-01T00:00:00Z',
      message: { role: 'assistant', content: '' },
      done: true,
      done_reason: 'stop',
      ...(counts && { prompt_eval_count: promptTokens, eval_count: answerTokens }),
    },
  ],
  whole: (content, counts) => ({
    model: 'llama',
    created_at: '2026-01-01T00:00:00Z',
    message: { role: 'assistant', content },
    done: true,
    done_reason: 'stop',
    ...(counts && { prompt_eval_count: promptTokens, eval_count: answerTokens }),
  }),
  frame: (event) => `${JSON.stringify(event)}\n`,
};

const responsesUsage = { input_tokens: promptTokens, output_tokens: answerTokens, total_tokens: promptTokens + answerTokens };
const response = (status: string, text: string, counts: boolean) => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  model: 'gpt-4o',
  status,
  output:
    text === ''
      ? []
      : [
          {
            type: 'message',
            id: 'msg_1',
            role: 'assistant',
            status: 'completed',
            content: [{ type: 'output_text', text, annotations: [] }],
          },
        ],
  usage: counts ? responsesUsage : null,
});
const responses: Format = {
  events: (teller) => [
    { type: 'response.created', response: response('in_progress', '', false) },
    {
      type: 'response.output_item.added',
      output_index: 0,
      item: { type: 'message', id: 'msg_1', role: 'assistant', status: 'in_progress', content: [] },
    },
    {
      type: 'response.content_part.added',
      item_id: 'msg_1',
      output_index: 0,
      content_index: 0,
      part: { type: 'output_text', text: '', annotations: [] },
    },
    ...texts(teller).map((delta) => ({ type: 'response.output_text.delta', item_id: 'msg_1', output_index: 0, content_index: 0, delta })),
  ],
  end: (counts) => [{ type: 'response.completed', response: response('completed', 'all', counts) }],
  whole: (text, counts) => response('completed', text, counts),
  frame: sse,
};

const completions: Format = {
  events: (teller) =>
    texts(teller).map((text) => ({ id: 'x', object: 'text_completion', model: 'm', choices: [{ index: 0, text, finish_reason: null }] })),
  end: (counts) => [
    {
      id: 'x',
      object: 'text_completion',
      model: 'm',
      choices: [{ index: 0, text: '', finish_reason: 'stop' }],
      ...(counts && { usage: openaiUsage }),
    },
    { done: true },
  ],
  whole: (text, counts) => ({
    id: 'x',
    object: 'text_completion',
    model: 'm',
    choices: [{ index: 0, text, finish_reason: 'stop' }],
    ...(counts && { usage: openaiUsage }),
  }),
  frame: openai.frame,
};
const openaiUsage = { prompt_tokens: promptTokens, completion_tokens: answerTokens, total_tokens: promptTokens + answerTokens };

const formatOf = (path: string): Format =>
  path.endsWith('/v1/completions')
    ? completions
    : path.includes('/responses')
      ? responses
      : path.includes('/chat/completions')
        ? openai
        : path.includes('/messages')
          ? anthropic
          : path.includes('enerateContent')
            ? gemini
            : ollama;

/** Calls that are not chat, each of which used as much as the other ways to ask for the same. */
const otherAnswer = (path: string): Response | undefined => {
  const usage = { prompt_tokens: promptTokens, total_tokens: promptTokens };
  if (path.endsWith('/embeddings'))
    return Response.json({ object: 'list', data: [{ object: 'embedding', index: 0, embedding: [0.5] }], model: 'm', usage });
  if (path.endsWith('/rerank'))
    return Response.json({ results: [{ index: 0, relevance_score: 0.5 }], meta: { billed_units: { search_units: 2 } } });
  if (path.includes('/images/')) return Response.json({ created: 1, data: [{ b64_json: 'AA==' }, { b64_json: 'AA==' }] });
  if (path.endsWith('/audio/transcriptions')) return Response.json({ text: 'hi', usage: { type: 'duration', seconds: 30 } });
  if (path.endsWith('/audio/speech')) return new Response(new Uint8Array(100), { headers: { 'content-type': 'audio/mpeg' } });
  if (path.endsWith('/videos'))
    return Response.json({ id: 'video_1', object: 'video', status: 'queued', seconds: '8', size: '720x1280', model: 'm' });
  if (path.endsWith('/ocr')) return Response.json({ pages: [{ index: 0, markdown: 'x' }], model: 'm', usage_info: { pages_processed: 3 } });
  return undefined;
};

export const startTeller = (): Teller => {
  const teller: Teller = {
    url: '',
    pieces: 1,
    counts: true,
    breaks: false,
    delayMs: 0,
    silent: false,
    refuses: false,
    asked: {},
    said: '',
    requests: 0,
    stop: () => server.stop(true),
  };
  const server = Bun.serve({
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      const path = new URL(request.url).pathname;
      teller.requests++;
      if (teller.refuses) return Response.json({ error: { message: 'no' } }, { status: 400 });
      const other = otherAnswer(path);
      if (other) return other;
      const body = (await request.json()) as { stream?: boolean };
      teller.asked = body;
      const format = formatOf(path);
      if (teller.silent)
        return new Promise<Response>((_, reject) => request.signal.addEventListener('abort', () => reject(new Error('left'))));
      teller.said = texts(teller).join('');
      const { counts, breaks, delayMs } = teller;
      if (delayMs > 0 && !(body.stream ?? false)) await Bun.sleep(delayMs);
      if (!(body.stream ?? false) && !path.includes('stream')) return Response.json(format.whole(teller.said, counts));
      const events = format.events(teller);
      const stream = new ReadableStream<Uint8Array>({
        async start(controller) {
          const encoder = new TextEncoder();
          for (const event of events) controller.enqueue(encoder.encode(format.frame(event)));
          // Whoever leaves leaves now; the others get the end.
          await Bun.sleep(delayMs);
          if (breaks) return controller.close();
          try {
            for (const event of format.end(counts)) controller.enqueue(encoder.encode(format.frame(event)));
            controller.close();
          } catch {
            // Nobody is there.
          }
        },
      });
      return new Response(stream, { headers: { 'content-type': format === ollama ? 'application/x-ndjson' : 'text/event-stream' } });
    },
  });
  teller.url = String(server.url);
  return teller;
};
