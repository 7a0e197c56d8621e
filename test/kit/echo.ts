import { parseJson, readEvents, readLines } from './read/events.ts';
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

const converseContent = (text: string, stream: boolean): Obj[] => {
  if (!stream) return list(obj(obj(obj(parseJson(text))['output'])['message'])['content']);
  const blocks: Obj[] = [];
  const inputs = new Map<number, string>();
  for (const { event, data } of readEvents(text)) {
    const body = obj(parseJson(data));
    const index = num(body['contentBlockIndex']) ?? 0;
    if (event === 'contentBlockStart') blocks[index] = structuredClone(obj(body['start']));
    if (event !== 'contentBlockDelta') continue;
    const block = (blocks[index] ??= {});
    const delta = obj(body['delta']);
    if (delta['toolUse']) inputs.set(index, (inputs.get(index) ?? '') + str(obj(delta['toolUse'])['input']));
    else if (typeof delta['text'] === 'string') block['text'] = str(block['text']) + delta['text'];
    else if (delta['reasoningContent']) {
      const thought = obj((block['reasoningContent'] ??= {}));
      const { redactedContent, ...told } = obj(delta['reasoningContent']);
      if (redactedContent !== undefined) thought['redactedContent'] = str(thought['redactedContent']) + str(redactedContent);
      else mergeDelta((thought['reasoningText'] ??= {}) as Obj, told);
    }
  }
  for (const [index, json] of inputs) obj(obj(blocks[index])['toolUse'])['input'] = parseJson(json || '{}');
  return blocks;
};

const cohereMessage = (text: string, stream: boolean): Obj => {
  if (!stream) return obj(obj(parseJson(text))['message']);
  const content: Obj[] = [];
  const calls: Obj[] = [];
  let plan = '';
  for (const { data } of readEvents(text)) {
    const { type, index: at, delta } = obj(parseJson(data));
    const index = num(at) ?? 0;
    const told = obj(obj(delta)['message']);
    if (type === 'content-start') content[index] = structuredClone(obj(told['content']));
    else if (type === 'content-delta') mergeDelta(obj(content[index]), obj(told['content']));
    else if (type === 'tool-plan-delta') plan += str(told['tool_plan']);
    else if (type === 'tool-call-start') calls[index] = structuredClone(obj(told['tool_calls']));
    else if (type === 'tool-call-delta') mergeDelta(obj(calls[index]), obj(told['tool_calls']));
  }
  return {
    role: 'assistant',
    ...(content.length > 0 && { content: content.filter(Boolean) }),
    ...(plan !== '' && { tool_plan: plan }),
    ...(calls.length > 0 && { tool_calls: calls.filter(Boolean) }),
  };
};

const ollamaMessage = (text: string, stream: boolean): Obj => {
  if (!stream) return obj(obj(parseJson(text))['message']);
  const message: Obj = {};
  for (const line of readLines(text)) {
    const { tool_calls: calls, ...rest } = obj(obj(line)['message']);
    mergeDelta(message, rest);
    if (Array.isArray(calls)) message['tool_calls'] = [...list(message['tool_calls']), ...list(calls)];
  }
  return message;
};

/** The next turn of formats that have OpenAI's shape: the message, then a result for each call or a word to go on. */
const nextMessages = (request: Obj, message: Obj, resultOf: (call: Obj) => Obj): Obj => {
  const results = list(message['tool_calls']).map(resultOf);
  return {
    ...request,
    messages: [...list(request['messages']), message, ...(results.length > 0 ? results : [{ role: 'user', content: goOn }])],
  };
};

type Echo = (request: Obj, answer: string, stream: boolean) => Obj;

const echoes: Readonly<Record<EchoFormat, Echo>> = {
  'openai-chat': (request, answer, stream) =>
    nextMessages(request, chatMessage(answer, stream), ({ id }) => ({ role: 'tool', tool_call_id: id, content: result })),
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
  'bedrock-converse': (request, answer, stream) => {
    const content = converseContent(answer, stream);
    const results = content.flatMap(({ toolUse }) =>
      toolUse ? [{ toolResult: { toolUseId: obj(toolUse)['toolUseId'], content: [{ text: result }] } }] : [],
    );
    const next = results.length > 0 ? results : [{ text: goOn }];
    return { ...request, messages: [...list(request['messages']), { role: 'assistant', content }, { role: 'user', content: next }] };
  },
  'cohere-chat': (request, answer, stream) =>
    nextMessages(request, cohereMessage(answer, stream), ({ id }) => ({ role: 'tool', tool_call_id: id, content: result })),
  'ollama-chat': (request, answer, stream) =>
    nextMessages(request, ollamaMessage(answer, stream), (call) => ({
      role: 'tool',
      tool_name: obj(call['function'])['name'],
      content: result,
    })),
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
