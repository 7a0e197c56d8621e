import { parseJson, readEvents } from './read/events.ts';
import { list, num, obj, str, type Obj } from './read/reading.ts';
import type { ClientFormat } from './wire-formats.ts';

/*
 * A client's next turn: it sends the answer back as it got it, as an SDK's helper for tools does, and goes on. What was
 * opaque in the answer must then reach the provider unchanged.
 */

type EchoFormat = Exclude<ClientFormat, 'openai-completions'>;

const goOn = 'Please go on.';
const result = '{"ok":true}';

/** The string members of two deltas are joined, their lists merged by index, the rest replaced. */
const mergeDelta = (into: Obj, delta: Obj): void => {
  for (const [key, value] of Object.entries(delta)) {
    const before = into[key];
    if (value === null || value === undefined) continue;
    if (typeof value === 'string' && typeof before === 'string' && !/^(?:id|type|role|name|format)$/.test(key)) into[key] = before + value;
    else if (Array.isArray(value)) into[key] = mergeLists(Array.isArray(before) ? (before as Obj[]) : [], list(value));
    else if (typeof value === 'object' && typeof before === 'object' && before !== null) mergeDelta(before as Obj, obj(value));
    else into[key] = structuredClone(value);
  }
};

const mergeLists = (before: Obj[], more: Obj[]): Obj[] => {
  for (const item of more) {
    const index = num(item['index']);
    const same = index === undefined ? undefined : before.find((each) => num(each['index']) === index);
    if (same) mergeDelta(same, item);
    else before.push(structuredClone(item));
  }
  return before;
};

const chatMessage = (text: string, stream: boolean): Obj => {
  if (!stream) return obj(list(obj(parseJson(text))['choices'])[0]?.['message']);
  const message: Obj = {};
  for (const { data } of readEvents(text)) {
    const choice = list(obj(parseJson(data))['choices']).find((each) => (num(each['index']) ?? 0) === 0);
    if (choice) mergeDelta(message, obj(choice['delta']));
  }
  return message;
};

const anthropicContent = (text: string, stream: boolean): Obj[] => {
  if (!stream) return list(obj(parseJson(text))['content']);
  const blocks: Obj[] = [];
  const inputs = new Map<number, string>();
  const deltaMembers: Record<string, string> = { text_delta: 'text', thinking_delta: 'thinking', signature_delta: 'signature' };
  for (const { data } of readEvents(text)) {
    const event = obj(parseJson(data));
    const index = num(event['index']) ?? 0;
    if (event['type'] === 'content_block_start') blocks[index] = structuredClone(obj(event['content_block']));
    if (event['type'] !== 'content_block_delta') continue;
    const delta = obj(event['delta']);
    const block = (blocks[index] ??= {});
    const member = deltaMembers[str(delta['type'])];
    if (member) block[member] = str(block[member]) + str(delta[member]);
    else if (delta['type'] === 'input_json_delta') inputs.set(index, (inputs.get(index) ?? '') + str(delta['partial_json']));
    else if (delta['type'] === 'citations_delta') block['citations'] = [...list(block['citations']), obj(delta['citation'])];
  }
  for (const [index, json] of inputs) obj(blocks[index])['input'] = parseJson(json || '{}');
  return blocks;
};

const responsesOutput = (text: string, stream: boolean): Obj[] => {
  if (!stream) return list(obj(parseJson(text))['output']);
  const last = readEvents(text)
    .map(({ data }) => obj(parseJson(data)))
    .findLast(({ response, type }) => response && /completed|incomplete/.test(str(type)));
  return list(obj(last?.['response'])['output']);
};

const geminiContent = (text: string, stream: boolean): Obj => {
  if (!stream) return obj(list(obj(parseJson(text))['candidates'])[0]?.['content']);
  const parts = readEvents(text).flatMap(({ data }) => list(obj(list(obj(parseJson(data))['candidates'])[0]?.['content'])['parts']));
  return { role: 'model', parts };
};

type Echo = (request: Obj, answer: string, stream: boolean) => Obj;

const echoes: Readonly<Record<EchoFormat, Echo>> = {
  'openai-chat': (request, answer, stream) => {
    const message = chatMessage(answer, stream);
    const calls = list(message['tool_calls']);
    const results = calls.map((call) => ({ role: 'tool', tool_call_id: call['id'], content: result }));
    return {
      ...request,
      messages: [...list(request['messages']), message, ...results, ...(calls.length > 0 ? [] : [{ role: 'user', content: goOn }])],
    };
  },
  'openai-responses': (request, answer, stream) => {
    const output = responsesOutput(answer, stream);
    const results = output.flatMap((item) =>
      item['type'] === 'function_call' || item['type'] === 'custom_tool_call'
        ? [{ type: `${str(item['type'])}_output`, call_id: item['call_id'], output: result }]
        : [],
    );
    const before = typeof request['input'] === 'string' ? [{ role: 'user', content: request['input'] }] : list(request['input']);
    return { ...request, input: [...before, ...output, ...results, ...(results.length > 0 ? [] : [{ role: 'user', content: goOn }])] };
  },
  'anthropic-messages': (request, answer, stream) => {
    const content = anthropicContent(answer, stream);
    const calls = content.filter(({ type }) => type === 'tool_use');
    const results = calls.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: result }));
    const next = results.length > 0 ? results : [{ type: 'text', text: goOn }];
    return { ...request, messages: [...list(request['messages']), { role: 'assistant', content }, { role: 'user', content: next }] };
  },
  gemini: (request, answer, stream) => {
    const content = geminiContent(answer, stream);
    const calls = list(content['parts']).flatMap((part) => (part['functionCall'] ? [obj(part['functionCall'])] : []));
    const results = calls.map(({ id, name }) => ({ functionResponse: { ...(id !== undefined && { id }), name, response: { ok: true } } }));
    return {
      ...request,
      contents: [...list(request['contents']), content, { role: 'user', parts: results.length > 0 ? results : [{ text: goOn }] }],
    };
  },
};

/** The request that follows an answer: the turns before it, the answer as it came, and a result for each call in it. */
export const nextRequest = (format: EchoFormat, request: Obj, answer: string, stream: boolean): Obj =>
  echoes[format](request, answer, stream);

/** The same from an OpenAI client that keeps only the members it knows. */
export const nextPlainChatRequest = (request: Obj, answer: string, stream: boolean): Obj => {
  const next = nextRequest('openai-chat', request, answer, stream);
  const messages = list(next['messages']).map((message) =>
    message['role'] === 'assistant'
      ? {
          role: 'assistant',
          content: message['content'] ?? null,
          tool_calls: list(message['tool_calls']).map(({ id, type, function: fn }) => ({ id, type, function: fn })),
        }
      : message,
  );
  return {
    ...next,
    messages: messages.map((message) => (list(obj(message)['tool_calls']).length > 0 ? message : { ...message, tool_calls: undefined })),
  };
};

/** Every text in a JSON value. */
export const textsIn = (value: unknown): Set<string> => {
  const found = new Set<string>();
  const walk = (each: unknown): void => {
    if (typeof each === 'string') found.add(each);
    else if (Array.isArray(each)) each.forEach(walk);
    else if (typeof each === 'object' && each !== null) Object.values(each).forEach(walk);
  };
  walk(value);
  return found;
};
