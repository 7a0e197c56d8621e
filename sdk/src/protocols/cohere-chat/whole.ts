import type { JsonObject } from '../../types/index.ts';
import { asArray, asNumber, asObject, asObjects, asString, compact } from '../shared/read.ts';
import { isOfText } from './citations.ts';

/*
 * A whole answer is the sum of its events, both ways, so that there is one reader and one writer of each.
 */

/** The events that a whole answer would have been streamed as. */
export const eventsOf = (body: JsonObject): JsonObject[] => {
  const message = asObject(body['message']) ?? {};
  const content = asObjects(message['content']);
  const citations = asObjects(message['citations']);
  const firstText = content.findIndex(({ type }) => type === 'text');
  // What does not say which block it is of is of the first text.
  const indexOf = (citation: JsonObject) => asNumber(citation['content_index']) ?? firstText;
  const cite = (list: JsonObject[]) => list.map((each) => ({ type: 'citation-start', delta: { message: { citations: each } } }));

  const plan = asString(message['tool_plan']);
  return [
    { type: 'message-start', id: body['id'] },
    ...(plan ? [{ type: 'tool-plan-delta', delta: { message: { tool_plan: plan } } }] : []),
    ...(typeof message['content'] === 'string'
      ? [{ type: 'content-start', delta: { message: { content: { text: message['content'] } } } }]
      : []),
    ...content.flatMap((block, index) => [
      { type: 'content-start', index, delta: { message: { content: block } } },
      ...cite(citations.filter((each) => isOfText(each) && indexOf(each) === index)),
    ]),
    ...cite(citations.filter((each) => !isOfText(each))),
    ...asObjects(message['tool_calls']).flatMap((call, index) => [
      { type: 'tool-call-start', index, delta: { message: { tool_calls: call } } },
      { type: 'tool-call-end', index },
    ]),
    {
      type: 'message-end',
      delta: compact({ finish_reason: body['finish_reason'], usage: body['usage'], error: asString(body['error']) }),
      logprobs: body['logprobs'],
    },
  ];
};

/** The reverse: events as they are written for clients -> one answer. */
export const foldEvents = (events: readonly JsonObject[]): JsonObject => {
  const content: JsonObject[] = [];
  const calls: JsonObject[] = [];
  const citations: unknown[] = [];
  const logprobs: unknown[] = [];
  const answer: JsonObject = {};
  let plan = '';
  for (const event of events) {
    const delta = asObject(event['delta']) ?? {};
    const message = asObject(delta['message']) ?? {};
    const index = asNumber(event['index']) ?? 0;
    switch (event['type']) {
      case 'message-start':
        answer['id'] = event['id'];
        break;
      case 'tool-plan-delta':
        plan += asString(message['tool_plan']) ?? '';
        break;
      case 'content-start':
        content[index] = { ...asObject(message['content']) };
        break;
      case 'content-delta':
        addTo(content[index], asObject(message['content']));
        if (event['logprobs'] !== undefined) logprobs.push(event['logprobs']);
        break;
      case 'tool-call-start':
        calls[index] = structuredClone(asObject(message['tool_calls'])) ?? {};
        break;
      case 'tool-call-delta':
        addTo(asObject(calls[index]?.['function']), asObject(asObject(message['tool_calls'])?.['function']));
        break;
      case 'citation-start':
        citations.push(message['citations']);
        break;
      case 'message-end':
        answer['finish_reason'] = delta['finish_reason'];
        answer['usage'] = delta['usage'];
        logprobs.push(...asArray(event['logprobs']));
    }
  }
  return compact<JsonObject>({
    id: answer['id'],
    finish_reason: answer['finish_reason'],
    message: compact<JsonObject>({
      role: 'assistant',
      tool_plan: plan === '' ? undefined : plan,
      tool_calls: calls.length > 0 ? calls : undefined,
      content: content.length > 0 ? content : undefined,
      citations: citations.length > 0 ? citations : undefined,
    }),
    usage: answer['usage'],
    logprobs: logprobs.length > 0 ? logprobs : undefined,
  });
};

const addTo = (target: JsonObject | undefined, more: JsonObject | undefined): void => {
  if (!target) return;
  for (const [name, value] of Object.entries(more ?? {}))
    if (typeof value === 'string') target[name] = `${asString(target[name]) ?? ''}${value}`;
};
