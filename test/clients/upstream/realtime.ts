import type { ServerWebSocket } from 'bun';

/** A conversation as its provider had it. */
export interface Heard {
  path: string;
  headers: Record<string, string>;
  /** Events that came, parsed, and what was sent, word for word. */
  events: Record<string, unknown>[];
  sent: string[];
  closed?: number;
}

export interface RealtimeVendor {
  url: string;
  heard: Heard[];
  stop(): Promise<void>;
}

type Answer = (event: Record<string, unknown>) => (object | number)[];

const usage = { total_tokens: 30, input_tokens: 20, output_tokens: 10 };

/** Each turn: sound in pieces, then a call of a function. */
const openai: Answer = (event) => {
  if (event['type'] === 'session.update') return [{ type: 'session.updated', event_id: 'ev_u', session: event['session'] }];
  if (event['type'] === 'test.leave') return [4321];
  if (event['type'] !== 'response.create') return [];
  const where = { response_id: 'resp_1', item_id: 'item_1', output_index: 0 };
  return [
    { type: 'response.created', event_id: 'ev_1', response: { id: 'resp_1', status: 'in_progress' } },
    ...Array.from({ length: 20 }, (_, at) => ({
      type: 'response.output_audio.delta',
      event_id: `ev_a${at}`,
      ...where,
      content_index: 0,
      delta: Buffer.alloc(4800, at).toString('base64'),
    })),
    { type: 'response.function_call_arguments.delta', event_id: 'ev_2', ...where, call_id: 'call_1', delta: '{"city":' },
    { type: 'response.function_call_arguments.done', event_id: 'ev_3', ...where, call_id: 'call_1', arguments: '{"city":"Zürich"}' },
    { type: 'response.done', event_id: 'ev_4', response: { id: 'resp_1', status: 'completed', output: [], usage } },
  ];
};

const gemini: Answer = (event) => {
  if ('setup' in event) return [{ setupComplete: {} }];
  if ('toolResponse' in event) return [{ serverContent: { turnComplete: true } }];
  if (!('clientContent' in event)) return [];
  return [
    ...Array.from({ length: 10 }, (_, at) => ({
      serverContent: {
        modelTurn: { parts: [{ inlineData: { mimeType: 'audio/pcm;rate=24000', data: Buffer.alloc(4800, at).toString('base64') } }] },
      },
    })),
    { toolCall: { functionCalls: [{ id: 'call_1', name: 'weather', args: { city: 'Zürich' } }] } },
    { usageMetadata: { promptTokenCount: 20, responseTokenCount: 10, totalTokenCount: 30 } },
  ];
};

/** A provider of conversations, of OpenAI's kind and of Gemini's. */
export const startRealtimeVendor = (): RealtimeVendor => {
  const heard: Heard[] = [];
  const say = (socket: ServerWebSocket<Heard>, event: object | number): void => {
    if (typeof event === 'number') return socket.close(event, 'as asked');
    const text = JSON.stringify(event);
    socket.data.sent.push(text);
    // Gemini's come in binary frames.
    socket.send(socket.data.path.startsWith('/ws/') ? Buffer.from(text) : text);
  };
  const server = Bun.serve<Heard>({
    port: 0,
    hostname: '127.0.0.1',
    fetch(request, self) {
      const { pathname, search } = new URL(request.url);
      if (search.includes('refused')) return Response.json({ error: { message: 'Slow down', type: 'rate_limit_error' } }, { status: 429 });
      const data: Heard = { path: pathname + search, headers: Object.fromEntries(request.headers), events: [], sent: [] };
      heard.push(data);
      return self.upgrade(request, { data }) ? undefined : new Response('', { status: 400 });
    },
    websocket: {
      data: undefined as unknown as Heard,
      open(socket) {
        if (!socket.data.path.startsWith('/ws/')) say(socket, { type: 'session.created', event_id: 'ev_0', session: { type: 'realtime' } });
      },
      message(socket, frame) {
        const event = JSON.parse(String(frame)) as Record<string, unknown>;
        socket.data.events.push(event);
        for (const one of (socket.data.path.startsWith('/ws/') ? gemini : openai)(event)) say(socket, one);
      },
      close: (socket, code) => void (socket.data.closed = code),
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, heard, stop: () => server.stop(true) };
};
