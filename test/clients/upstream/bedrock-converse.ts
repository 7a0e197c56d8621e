import { message } from './event-stream.ts';
import { cost, list, noAsked, object, pieces, string, textOf, type Call, type Json, type Turn, type Wire } from './wire.ts';

/* Bedrock Converse (docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html and .../API_runtime_ConverseStream.html). */

const usage = {
  inputTokens: cost.input - cost.cached,
  cacheReadInputTokens: cost.cached,
  cacheWriteInputTokens: 0,
  outputTokens: cost.output,
  totalTokens: cost.input + cost.output,
};

const stopOf = ({ calls }: Turn): string => (calls?.length ? 'tool_use' : 'end_turn');

const blocksOf = ({ thinking, redacted, text, calls }: Turn): Json[] => [
  ...(thinking ? [{ reasoningContent: { reasoningText: { text: thinking.text, signature: thinking.signature } } }] : []),
  ...(redacted === undefined ? [] : [{ reasoningContent: { redactedContent: redacted } }]),
  ...(text === undefined ? [] : [{ text }]),
  ...(calls ?? []).map(({ id, name, args }) => ({ toolUse: { toolUseId: id, name, input: args } })),
];

/** Only a tool's block has a start of its own. */
const blockEvents = (block: Json, contentBlockIndex: number): Uint8Array[] => {
  const delta = (value: Json) => message('event', 'contentBlockDelta', { contentBlockIndex, delta: value });
  const stop = message('event', 'contentBlockStop', { contentBlockIndex });
  const tool = object(block['toolUse']);
  if (block['toolUse'] !== undefined) {
    const { toolUseId, name, input } = tool;
    return [
      message('event', 'contentBlockStart', { contentBlockIndex, start: { toolUse: { toolUseId, name } } }),
      ...pieces(JSON.stringify(input)).map((piece) => delta({ toolUse: { input: piece } })),
      stop,
    ];
  }
  const reasoning = object(block['reasoningContent']);
  const { text, signature } = object(reasoning['reasoningText']);
  if (text !== undefined)
    return [
      ...pieces(string(text)).map((piece) => delta({ reasoningContent: { text: piece } })),
      delta({ reasoningContent: { signature } }),
      stop,
    ];
  if (reasoning['redactedContent'] !== undefined) return [delta({ reasoningContent: reasoning }), stop];
  return [...pieces(string(block['text'])).map((piece) => delta({ text: piece })), stop];
};

const start = message('event', 'messageStart', { role: 'assistant' });

export const bedrockConverse: Wire = {
  path: /\/model\/[^/]+\/converse(?:-stream)?$/,
  contentType: 'application/vnd.amazon.eventstream',
  isStream: (path) => path.endsWith('-stream'),
  read(body) {
    const asked = noAsked();
    asked.system = textOf(body['system']);
    const thinks = object(object(body['additionalModelRequestFields'])['thinking'])['type'];
    const messages = list(body['messages']);
    let open: string[] = [];
    messages.forEach(({ role, content }, at) => {
      const found = { text: '', thoughts: [] as string[], calls: [] as Call[] };
      const results: string[] = [];
      for (const block of list(content)) {
        found.text += string(block['text']);
        const { reasoningText, redactedContent } = object(block['reasoningContent']);
        const { text, signature } = object(reasoningText);
        if (reasoningText !== undefined) found.thoughts.push(`${string(text)}|${string(signature)}`);
        if (redactedContent !== undefined) found.thoughts.push(string(redactedContent));
        if (block['toolUse'] !== undefined) {
          const { toolUseId, name, input } = object(block['toolUse']);
          found.calls.push({ id: string(toolUseId), name: string(name), args: object(input) });
        }
        if (block['toolResult'] !== undefined) {
          const { toolUseId, content: said } = object(block['toolResult']);
          results.push(string(toolUseId));
          asked.results.push({ id: string(toolUseId), text: textOf(said) });
        }
      }
      // "Expected toolResult blocks at messages.2.content for the following Ids: ..."
      if ([...open].sort().join() !== [...results].sort().join()) asked.faults.push(`calls ${open.join()}, results ${results.join()}`);
      open = role === 'assistant' ? found.calls.map(({ id }) => id) : [];
      if (role === 'assistant') asked.turns.push(found);
      else if (found.text !== '') asked.users.push(found.text);
      const last = at === messages.length - 2 && role === 'assistant' && found.calls.length > 0;
      if (thinks === 'enabled' && last && found.thoughts.length === 0)
        asked.faults.push('thinking is on, and the turn with the calls does not start with a thought');
    });
    if (open.length > 0) asked.faults.push(`no result for ${open.join(', ')}`);
    const { tools, toolChoice } = object(body['toolConfig']);
    asked.tools = list(tools).flatMap(({ toolSpec }) => (toolSpec === undefined ? [] : [string(object(toolSpec)['name'])]));
    // "The toolConfig field must be defined when using toolUse and toolResult content blocks."
    if (asked.results.length > 0 && asked.tools.length === 0) asked.faults.push('toolConfig is missing');
    const { any, tool } = object(toolChoice);
    if (any !== undefined) asked.forced = asked.tools[0];
    if (tool !== undefined) asked.forced = string(object(tool)['name']);
    // Claude's own way to say it, which can say more.
    const own = object(object(body['additionalModelRequestFields'])['tool_choice']);
    if (own['type'] === 'any') asked.forced = asked.tools[0];
    if (own['type'] === 'tool') asked.forced = string(own['name']);
    const { jsonSchema } = object(object(object(body['outputConfig'])['textFormat'])['structure']);
    if (jsonSchema !== undefined) asked.schema = JSON.parse(string(object(jsonSchema)['schema']));
    return asked;
  },
  whole: (turn) => ({
    output: { message: { role: 'assistant', content: blocksOf(turn) } },
    stopReason: stopOf(turn),
    usage,
    metrics: { latencyMs: 7 },
  }),
  events: (turn) => [
    start,
    ...blocksOf(turn).flatMap(blockEvents),
    message('event', 'messageStop', { stopReason: stopOf(turn) }),
    message('event', 'metadata', { usage, metrics: { latencyMs: 7 } }),
  ],
  begin: (text) => [start, ...blockEvents({ text }, 0).slice(0, -1)],
  errorEvent: (words) => message('exception', 'serviceUnavailableException', { message: words }),
  error: ({ status, message: words }) => ({
    body: { message: words },
    headers: { 'x-amzn-errortype': types[status] ?? 'InternalServerException', 'x-amzn-requestid': 'req_upstream_7' },
  }),
};

const types: Record<number, string> = { 400: 'ValidationException', 401: 'UnrecognizedClientException', 429: 'ThrottlingException' };
