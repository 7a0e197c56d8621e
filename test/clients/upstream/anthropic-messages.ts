import { cost, list, noAsked, object, pieces, sse, string, textOf, type Call, type Json, type Turn, type Wire } from './wire.ts';

/* Anthropic Messages (platform.claude.com/docs/en/api/messages and .../build-with-claude/streaming). */

const usage = {
  input_tokens: cost.input - cost.cached,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: cost.cached,
  output_tokens: cost.output,
};

const stopOf = ({ calls }: Turn): string => (calls?.length ? 'tool_use' : 'end_turn');

const blocksOf = ({ thinking, redacted, text, calls }: Turn): Json[] => [
  ...(thinking ? [{ type: 'thinking', thinking: thinking.text, signature: thinking.signature }] : []),
  ...(redacted === undefined ? [] : [{ type: 'redacted_thinking', data: redacted }]),
  ...(text === undefined ? [] : [{ type: 'text', text }]),
  ...(calls ?? []).map(({ id, name, args }) => ({ type: 'tool_use', id, name, input: args })),
];

const message = (body: Json): Json => ({ id: 'msg_fake', type: 'message', role: 'assistant', model: body['model'] });

const named = (data: Json): string => sse(data, string(data['type']));

const blockEvents = (block: Json, index: number): string[] => {
  const start = (content: Json) => named({ type: 'content_block_start', index, content_block: content });
  const delta = (value: Json) => named({ type: 'content_block_delta', index, delta: value });
  const stop = named({ type: 'content_block_stop', index });
  switch (block['type']) {
    case 'thinking':
      return [
        start({ type: 'thinking', thinking: '', signature: '' }),
        ...pieces(string(block['thinking'])).map((thinking) => delta({ type: 'thinking_delta', thinking })),
        delta({ type: 'signature_delta', signature: block['signature'] }),
        stop,
      ];
    case 'text':
      return [start({ type: 'text', text: '' }), ...pieces(string(block['text'])).map((text) => delta({ type: 'text_delta', text })), stop];
    case 'tool_use':
      return [
        start({ ...block, input: {} }),
        ...pieces(JSON.stringify(block['input'])).map((partial_json) => delta({ type: 'input_json_delta', partial_json })),
        stop,
      ];
    default:
      return [start(block), stop];
  }
};

const start = (body: Json): string =>
  named({
    type: 'message_start',
    message: { ...message(body), content: [], stop_reason: null, stop_sequence: null, usage: { ...usage, output_tokens: 1 } },
  });

export const anthropicMessages: Wire = {
  path: /\/v1\/messages$/,
  isStream: (_, body) => body['stream'] === true,
  read(body) {
    const asked = noAsked();
    asked.system = textOf(body['system']);
    if (typeof body['max_tokens'] !== 'number') asked.faults.push('max_tokens is missing');
    const thinks = ['enabled', 'adaptive'].includes(string(object(body['thinking'])['type']));
    const messages = list(body['messages']);
    let open: string[] = [];
    messages.forEach(({ role, content }, at) => {
      const blocks = typeof content === 'string' ? [{ type: 'text', text: content } as Json] : list(content);
      const found = { text: '', thoughts: [] as string[], calls: [] as Call[] };
      const results: string[] = [];
      blocks.forEach((block, place) => {
        if (block['type'] === 'text') found.text += string(block['text']);
        if (block['type'] === 'thinking') found.thoughts.push(`${string(block['thinking'])}|${string(block['signature'])}`);
        if (block['type'] === 'redacted_thinking') found.thoughts.push(string(block['data']));
        if (block['type'] === 'tool_use')
          found.calls.push({ id: string(block['id']), name: string(block['name']), args: object(block['input']) });
        if (block['type'] === 'tool_result') {
          // "tool_result blocks must come first in the content array."
          if (place !== results.length) asked.faults.push('a tool_result behind other content');
          results.push(string(block['tool_use_id']));
          asked.results.push({ id: string(block['tool_use_id']), text: textOf(block['content']) });
        }
      });
      // "tool_use ids were found without tool_result blocks immediately after."
      if ([...open].sort().join() !== [...results].sort().join()) asked.faults.push(`calls ${open.join()}, results ${results.join()}`);
      open = role === 'assistant' ? found.calls.map(({ id }) => id) : [];
      if (role === 'assistant') asked.turns.push(found);
      else if (found.text !== '') asked.users.push(found.text);
      // "When thinking is enabled, a final assistant message must start with a thinking block (preceding the last set of tool_use blocks)."
      const last = at === messages.length - 2 && role === 'assistant' && found.calls.length > 0;
      if (thinks && last && blocks[0]?.['type'] !== 'thinking' && blocks[0]?.['type'] !== 'redacted_thinking')
        asked.faults.push('thinking is on, and the turn with the calls does not start with a thought');
    });
    if (open.length > 0) asked.faults.push(`no result for ${open.join(', ')}`);
    for (const tool of list(body['tools'])) asked.tools.push(string(tool['name']));
    const choice = object(body['tool_choice']);
    if (choice['type'] === 'any') asked.forced = asked.tools[0];
    if (choice['type'] === 'tool') asked.forced = string(choice['name']);
    const format = object(object(body['output_config'])['format']);
    if (format['type'] === 'json_schema') asked.schema = format['schema'];
    return asked;
  },
  whole: (turn, body) => ({ ...message(body), content: blocksOf(turn), stop_reason: stopOf(turn), stop_sequence: null, usage }),
  events: (turn, body) => [
    start(body),
    named({ type: 'ping' }),
    ...blocksOf(turn).flatMap(blockEvents),
    named({ type: 'message_delta', delta: { stop_reason: stopOf(turn), stop_sequence: null }, usage: { output_tokens: cost.output } }),
    named({ type: 'message_stop' }),
  ],
  begin: (text, body) => [start(body), ...blockEvents({ type: 'text', text }, 0).slice(0, -1)],
  errorEvent: (words) => named({ type: 'error', error: { type: 'overloaded_error', message: words } }),
  error: ({ status, message: words }) => ({
    body: { type: 'error', error: { type: types[status] ?? 'api_error', message: words }, request_id: 'req_upstream_7' },
    headers: { 'request-id': 'req_upstream_7' },
  }),
};

const types: Record<number, string> = { 400: 'invalid_request_error', 401: 'authentication_error', 429: 'rate_limit_error' };
