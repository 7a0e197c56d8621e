import { cost, createdAt, list, noAsked, object, pieces, sse, string, textOf, type Json, type Turn, type Wire } from './wire.ts';

/* OpenAI Chat Completions (platform.openai.com/docs/api-reference/chat), with `reasoning_content` as compatible vendors have it. */

const usage = {
  prompt_tokens: cost.input,
  completion_tokens: cost.output,
  total_tokens: cost.input + cost.output,
  prompt_tokens_details: { cached_tokens: cost.cached, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: cost.thought, audio_tokens: 0 },
};

const finishOf = ({ calls }: Turn): string => (calls?.length ? 'tool_calls' : 'stop');

const chunk = (body: Json, choices: Json[], more: Json = {}): string =>
  sse({ id: 'chatcmpl-fake', object: 'chat.completion.chunk', created: createdAt, model: string(body['model']), choices, ...more });

const delta = (body: Json, value: Json, finish: string | null = null): string =>
  chunk(body, [{ index: 0, delta: value, logprobs: null, finish_reason: finish }]);

const begin = (text: string, body: Json): string[] => [
  delta(body, { role: 'assistant', content: '', refusal: null }),
  ...pieces(text).map((content) => delta(body, { content })),
];

export const openaiChat: Wire = {
  path: /\/v1\/chat\/completions$/,
  isStream: (_, body) => body['stream'] === true,
  read(body) {
    const asked = noAsked();
    let open: string[] = [];
    for (const message of list(body['messages'])) {
      const role = string(message['role']);
      // OpenAI: "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'."
      if (role !== 'tool' && open.length > 0) asked.faults.push(`no result for ${open.join(', ')}`);
      if (role === 'system' || role === 'developer') asked.system += textOf(message['content']);
      if (role === 'user') asked.users.push(textOf(message['content']));
      if (role === 'assistant') {
        const calls = list(message['tool_calls']).map((call) => ({
          id: string(call['id']),
          name: string(object(call['function'])['name']),
          args: JSON.parse(string(object(call['function'])['arguments'])) as Json,
        }));
        open = calls.map(({ id }) => id);
        const thought = string(message['reasoning_content']);
        asked.turns.push({ text: textOf(message['content']), thoughts: thought === '' ? [] : [thought], calls });
      }
      if (role === 'tool') {
        const id = string(message['tool_call_id']);
        if (!open.includes(id)) asked.faults.push(`a result for ${id}, which was not called`);
        open = open.filter((each) => each !== id);
        asked.results.push({ id, text: textOf(message['content']) });
      }
    }
    if (open.length > 0) asked.faults.push(`no result for ${open.join(', ')}`);
    asked.tools = list(body['tools']).map((tool) => string(object(tool['function'])['name']));
    const choice = body['tool_choice'];
    if (choice === 'required') asked.forced = asked.tools[0];
    if (object(choice)['type'] === 'function') asked.forced = string(object(object(choice)['function'])['name']);
    const format = object(body['response_format']);
    // The second is Anyscale's and Together's.
    asked.schema = format['type'] === 'json_schema' ? object(format['json_schema'])['schema'] : format['schema'];
    return asked;
  },
  whole: (turn, body) => ({
    id: 'chatcmpl-fake',
    object: 'chat.completion',
    created: createdAt,
    model: body['model'],
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: turn.text ?? null,
          refusal: null,
          ...(turn.thinking && { reasoning_content: turn.thinking.text }),
          ...(turn.calls && {
            tool_calls: turn.calls.map(({ id, name, args }) => ({
              id,
              type: 'function',
              function: { name, arguments: JSON.stringify(args) },
            })),
          }),
        },
        logprobs: null,
        finish_reason: finishOf(turn),
      },
    ],
    usage,
  }),
  events: (turn, body) => [
    delta(body, { role: 'assistant', content: turn.calls && !turn.text ? null : '', refusal: null }),
    ...pieces(turn.thinking?.text ?? '').map((text) => delta(body, { reasoning_content: text })),
    ...pieces(turn.text ?? '').map((content) => delta(body, { content })),
    ...(turn.calls ?? []).flatMap(({ id, name, args }, index) => [
      delta(body, { tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }),
      ...pieces(JSON.stringify(args)).map((text) => delta(body, { tool_calls: [{ index, function: { arguments: text } }] })),
    ]),
    delta(body, {}, finishOf(turn)),
    ...(object(body['stream_options'])['include_usage'] === true ? [chunk(body, [], { usage })] : []),
    sse('[DONE]'),
  ],
  begin,
  errorEvent: (message) => sse({ error: { message, type: 'server_error', param: null, code: null } }),
  error: ({ status, message }) => ({
    body: { error: { message, type: types[status] ?? 'server_error', param: null, code: codes[status] ?? null } },
    headers: { 'x-request-id': 'req_upstream_7' },
  }),
};

const types: Record<number, string> = { 400: 'invalid_request_error', 401: 'invalid_request_error', 429: 'requests' };
const codes: Record<number, string> = { 401: 'invalid_api_key', 429: 'rate_limit_exceeded' };
