// The provider that the program of this folder talks to: the least of three vendors' formats.
import http from 'node:http';

const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
const envelope = { id: 'chatcmpl-1', created: 1_763_700_000, model: 'some-model' };
const sse = (data, event) =>
  `${event === undefined ? '' : `event: ${event}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

const chat = (text) => ({
  ...envelope,
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: text, refusal: null }, finish_reason: 'stop', logprobs: null }],
  usage,
});

const chunk = (delta, finish_reason = null) =>
  sse({ ...envelope, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] });

const message = (text) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'some-model',
  content: [{ type: 'text', text }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 3, output_tokens: 2 },
});

/** What is said is what was asked: the last text of the user. */
const said = (body) => {
  const { content } = body.messages.findLast(({ role }) => role === 'user');
  return typeof content === 'string' ? content : content.map(({ text }) => text).join('');
};

const answerChat = (body, response) => {
  const text = said(body);
  if (text === 'too fast') {
    response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '7', 'x-request-id': 'req_7' });
    return response.end(JSON.stringify({ error: { message: 'Slow down.', type: 'requests', code: 'rate_limit_exceeded' } }));
  }
  if (text === 'silence') return undefined;
  if (!body.stream) {
    response.writeHead(200, { 'content-type': 'application/json' });
    return response.end(JSON.stringify(chat(text)));
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(chunk({ role: 'assistant', content: '' }));
  for (const letter of text) response.write(chunk({ content: letter }));
  if (text.startsWith('endless')) return undefined;
  return response.end(chunk({}, 'stop') + sse({ ...envelope, object: 'chat.completion.chunk', choices: [], usage }) + sse('[DONE]'));
};

/** @returns {Promise<{ url: string, seen: { path: string, key: string, left: boolean }[], stop: () => void }>} */
export const startUpstream = () => {
  const seen = [];
  const server = http.createServer(async (request, response) => {
    let text = '';
    for await (const data of request) text += data;
    if (request.url === '/seen') return response.end(JSON.stringify(seen));
    const body = JSON.parse(text);
    const { authorization, 'x-api-key': key } = request.headers;
    const one = { path: request.url, key: authorization ?? key ?? '', left: false };
    seen.push(one);
    response.on('close', () => (one.left = !response.writableFinished));
    if (request.url.endsWith('/chat/completions')) return answerChat(body, response);
    response.writeHead(200, { 'content-type': 'application/json' });
    if (request.url.endsWith('/messages')) return response.end(JSON.stringify(message(said(body))));
    if (request.url.endsWith('/embeddings')) {
      const data = [body.input].flat().map((_, index) => ({ object: 'embedding', index, embedding: [0.5, -0.25] }));
      return response.end(JSON.stringify({ object: 'list', model: body.model, data, usage: { prompt_tokens: 2, total_tokens: 2 } }));
    }
    return response.end('{}');
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve({
        url: `http://127.0.0.1:${server.address().port}`,
        seen,
        stop: () => {
          server.closeAllConnections();
          server.close();
        },
      }),
    );
  });
};
