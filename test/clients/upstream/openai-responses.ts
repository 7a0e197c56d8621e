import {
  cost,
  createdAt,
  list,
  noAsked,
  object,
  pieces,
  sse,
  string,
  textOf,
  type Json,
  type Turn,
  type TurnBack,
  type Wire,
} from './wire.ts';

/* OpenAI Responses (platform.openai.com/docs/api-reference/responses and .../responses-streaming). */

const usage = {
  input_tokens: cost.input,
  input_tokens_details: { cached_tokens: cost.cached },
  output_tokens: cost.output,
  output_tokens_details: { reasoning_tokens: cost.thought },
  total_tokens: cost.input + cost.output,
};

/** Signatures are the reasoning item's `encrypted_content`, given where it is asked for. */
const itemsOf = ({ thinking, text, calls }: Turn, body: Json): Json[] => [
  ...(thinking
    ? [
        {
          type: 'reasoning',
          id: 'rs_fake',
          summary: [{ type: 'summary_text', text: thinking.text }],
          ...((body['include'] as string[] | undefined)?.includes('reasoning.encrypted_content') && {
            encrypted_content: thinking.signature,
          }),
        },
      ]
    : []),
  ...(text === undefined
    ? []
    : [
        {
          type: 'message',
          id: 'msg_fake',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
        },
      ]),
  ...(calls ?? []).map(({ id, name, args }) => ({
    type: 'function_call',
    id: `fc_${id}`,
    call_id: id,
    name,
    arguments: JSON.stringify(args),
    status: 'completed',
  })),
];

const response = (body: Json, output: Json[], status: string): Json => ({
  id: 'resp_fake',
  object: 'response',
  created_at: createdAt,
  status,
  background: false,
  error: null,
  incomplete_details: null,
  instructions: body['instructions'] ?? null,
  max_output_tokens: null,
  model: body['model'],
  output,
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  store: false,
  temperature: 1,
  text: body['text'] ?? { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: body['tools'] ?? [],
  top_p: 1,
  truncation: 'disabled',
  usage: status === 'completed' ? usage : null,
  user: null,
  metadata: {},
});

/** The events of a stream so far, numbered. */
const numbered = (events: Json[]): string[] => events.map((event, at) => sse({ ...event, sequence_number: at }, string(event['type'])));

const itemEvents = (item: Json, output_index: number): Json[] => {
  const added = (shown: Json) => ({ type: 'response.output_item.added', output_index, item: shown });
  const done = { type: 'response.output_item.done', output_index, item };
  const where = { item_id: item['id'], output_index };
  switch (item['type']) {
    case 'reasoning': {
      const at = { ...where, summary_index: 0 };
      const [part] = list(item['summary']);
      const text = string(part?.['text']);
      return [
        added({ ...item, summary: [] }),
        { type: 'response.reasoning_summary_part.added', ...at, part: { type: 'summary_text', text: '' } },
        ...pieces(text).map((delta) => ({ type: 'response.reasoning_summary_text.delta', ...at, delta })),
        { type: 'response.reasoning_summary_text.done', ...at, text },
        { type: 'response.reasoning_summary_part.done', ...at, part },
        done,
      ];
    }
    case 'message': {
      const at = { ...where, content_index: 0 };
      const [part] = list(item['content']);
      const text = string(part?.['text']);
      return [
        added({ ...item, status: 'in_progress', content: [] }),
        { type: 'response.content_part.added', ...at, part: { ...part, text: '' } },
        ...pieces(text).map((delta) => ({ type: 'response.output_text.delta', ...at, delta, logprobs: [] })),
        { type: 'response.output_text.done', ...at, text, logprobs: [] },
        { type: 'response.content_part.done', ...at, part },
        done,
      ];
    }
    default: {
      const text = string(item['arguments']);
      return [
        added({ ...item, status: 'in_progress', arguments: '' }),
        ...pieces(text).map((delta) => ({ type: 'response.function_call_arguments.delta', ...where, delta })),
        { type: 'response.function_call_arguments.done', ...where, name: item['name'], arguments: text },
        done,
      ];
    }
  }
};

const opening = (body: Json): Json[] => [
  { type: 'response.created', response: response(body, [], 'in_progress') },
  { type: 'response.in_progress', response: response(body, [], 'in_progress') },
];

export const openaiResponses: Wire = {
  path: /\/v1\/responses$/,
  isStream: (_, body) => body['stream'] === true,
  read(body) {
    const asked = noAsked();
    asked.system = string(body['instructions']);
    const input = typeof body['input'] === 'string' ? [{ role: 'user', content: body['input'] } as Json] : list(body['input']);
    const called: string[] = [];
    const answered: string[] = [];
    let turn: TurnBack | undefined;
    const own = () => {
      if (!turn) asked.turns.push((turn = { text: '', thoughts: [], calls: [] }));
      return turn;
    };
    for (const item of input) {
      const type = string(item['type']) || 'message';
      if (type === 'message' && item['role'] === 'assistant') own().text += textOf(item['content']);
      else if (type === 'message') {
        turn = undefined;
        if (item['role'] === 'user') asked.users.push(textOf(item['content']));
        else asked.system += textOf(item['content']);
      }
      if (type === 'reasoning') {
        const summary = list(item['summary']).map((part) => string(part['text']));
        own().thoughts.push(`${string(item['id'])}|${summary.join('|')}|${string(item['encrypted_content'])}`);
      }
      if (type === 'function_call') {
        called.push(string(item['call_id']));
        own().calls.push({ id: string(item['call_id']), name: string(item['name']), args: JSON.parse(string(item['arguments'])) as Json });
      }
      if (type === 'function_call_output') {
        turn = undefined;
        answered.push(string(item['call_id']));
        asked.results.push({ id: string(item['call_id']), text: textOf(item['output']) });
      }
    }
    // "No tool output found for function call ...", and the reverse.
    if ([...called].sort().join() !== [...answered].sort().join()) asked.faults.push(`calls ${called.join()}, results ${answered.join()}`);
    asked.tools = list(body['tools']).map((tool) => string(tool['name']));
    const choice = body['tool_choice'];
    if (choice === 'required') asked.forced = asked.tools[0];
    if (object(choice)['type'] === 'function') asked.forced = string(object(choice)['name']);
    const format = object(object(body['text'])['format']);
    if (format['type'] === 'json_schema') asked.schema = format['schema'];
    return asked;
  },
  whole: (turn, body) => response(body, itemsOf(turn, body), 'completed'),
  events: (turn, body) => {
    const items = itemsOf(turn, body);
    return numbered([
      ...opening(body),
      ...items.flatMap(itemEvents),
      { type: 'response.completed', response: response(body, items, 'completed') },
    ]);
  },
  begin: (text, body) => {
    const [item] = itemsOf({ text }, body);
    const all = itemEvents(item!, 0);
    return numbered([...opening(body), ...all.slice(0, -3)]);
  },
  errorEvent: (message) => sse({ type: 'error', sequence_number: 99, code: 'server_error', message, param: null }, 'error'),
  error: ({ status, message }) => ({
    body: { error: { message, type: types[status] ?? 'server_error', param: null, code: codes[status] ?? null } },
    headers: { 'x-request-id': 'req_upstream_7' },
  }),
};

const types: Record<number, string> = { 400: 'invalid_request_error', 401: 'invalid_request_error', 429: 'requests' };
const codes: Record<number, string> = { 401: 'invalid_api_key', 429: 'rate_limit_exceeded' };
