import type { JsonObject } from '../../types/index.ts';
import { asArray, asObject, asObjects, asString } from '../shared/read.ts';

/*
 * OpenAI's messages as GigaChat has them (https://developers.sber.ru/docs/ru/gigachat/api/reference/rest/post-chat and
 * .../guides/functions/overview, read 2026-11-22): one system message, at the start; one call a message; results of
 * functions by name, as JSON; the answer that held a call is recognised by its `functions_state_id`.
 */

/** The vendor's ids of such answers, which stand here as the ids of their calls: clients of every format send those back. */
const stateId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** A result has to be JSON; a text is one as a string. */
const resultText = (content: unknown): string => {
  const text = asString(content) ?? JSON.stringify(content ?? '');
  return isJson(text) ? text : JSON.stringify(text);
};

const argumentsOf = (text: unknown): unknown => {
  const given = asString(text) ?? '';
  return given !== '' && isJson(given) ? JSON.parse(given) : {};
};

interface Call {
  id: string;
  name: string;
  message: JsonObject;
}

const callsOf = (message: JsonObject): Call[] =>
  asObjects(asArray(message['tool_calls'])).map((call) => {
    const id = asString(call['id']) ?? '';
    const called = asObject(call['function']);
    const name = asString(called?.['name']) ?? '';
    return {
      id,
      name,
      message: {
        function_call: { name, arguments: argumentsOf(called?.['arguments']) },
        ...(stateId.test(id) && { functions_state_id: id }),
      },
    };
  });

const joinText = (before: unknown, more: unknown): string => [before, more].filter((each) => each !== '').join('\n');

/** @param body as it is for OpenAI, its contents as texts */
export const messagesFor = (body: JsonObject): JsonObject[] => {
  const messages = asObjects(asArray(body['messages']));
  const results = new Map<string, JsonObject>();
  for (const message of messages) if (message['role'] === 'tool') results.set(asString(message['tool_call_id']) ?? '', message);
  const out: JsonObject[] = [];
  const add = (role: string, content: unknown, more: JsonObject = {}): void => {
    const before = out.at(-1);
    // Of a role that only begins a conversation, and of one that must not follow itself.
    if ((role === 'system' || role === 'user') && before?.['role'] === role) before['content'] = joinText(before['content'], content);
    else out.push({ role, content, ...more });
  };
  for (const message of messages) {
    const role = asString(message['role']) ?? 'user';
    const content = message['content'] ?? '';
    if (role === 'tool') continue;
    if (role === 'system') {
      add(out.every((each) => each['role'] === 'system') ? 'system' : 'user', content);
      continue;
    }
    const [first, ...more] = callsOf(message);
    add(role, content, first?.message);
    for (const call of first ? [first, ...more] : []) {
      if (call !== first) add('assistant', '', call.message);
      const result = results.get(call.id);
      if (result) add('function', resultText(result['content']), { name: call.name });
    }
  }
  return out;
};
