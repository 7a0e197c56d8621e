import { table } from '../../lib/table.ts';
import { SluiceError, type JsonObject, type Message, type Part, type ThinkingPart, type ToolCallPart } from '../../types/index.ts';
import { interleave } from '../shared/placed.ts';
import { asArray, asObject, asObjects, asString, maybe, wantArray, wantObject, wantString } from '../shared/read.ts';
import { unsealCallId } from '../shared/seal.ts';
import { readBlocks } from '../shared/thinking-blocks.ts';
import { readImage } from './images.ts';

/** Calls of the conversation so far, to find which one a result answers: by id where there are ids, else by name and order. */
type Calls = { id: string; name: string; answered: boolean }[];

export const readMessages = (value: unknown): Message[] => {
  const calls: Calls = [];
  return wantArray(value, 'messages').map((each, index) => {
    const path = `messages[${index}]`;
    const message = wantObject(each, path);
    const role = wantString(message['role'], `${path}.role`);
    const read = readers[role];
    if (!read)
      throw new SluiceError('invalid_request', `'${path}.role' must be system, user, assistant or tool, not '${role}'.`, {
        param: `${path}.role`,
      });
    return read(message, path, calls);
  });
};

const readContent = (message: JsonObject, path: string): Part[] => {
  const text = maybe(wantString, message['content'], `${path}.content`) ?? '';
  const images = (maybe(wantArray, message['images'], `${path}.images`) ?? []).map((each, index) =>
    readImage(wantString(each, `${path}.images[${index}]`)),
  );
  return [...(text === '' ? [] : [{ type: 'text' as const, text }]), ...images];
};

const readers: Readonly<Record<string, (message: JsonObject, path: string, calls: Calls) => Message>> = table({
  system: (message, path) => ({ role: 'system', content: readContent(message, path) }),
  user: (message, path) => ({ role: 'user', content: readContent(message, path) }),
  assistant: (message, path, calls) => {
    const thinking = asString(message['thinking']);
    const plain: ThinkingPart | undefined = thinking ? { type: 'thinking', text: thinking } : undefined;
    const content = interleave(readBlocks(asObjects(message['thinking_blocks']), plain), readContent(message, path));
    asArray(message['tool_calls']).forEach((call, index) => {
      content.push(readCall(wantObject(call, `${path}.tool_calls[${index}]`), `${path}.tool_calls[${index}]`, calls));
    });
    return { role: 'assistant', content };
  },
  tool: (message, path, calls) => {
    const name = asString(message['tool_name']) ?? asString(message['name']);
    const id = asString(message['tool_call_id']) || undefined;
    const content = readContent(message, path).filter((part) => part.type === 'text' || part.type === 'image');
    return {
      role: 'tool',
      content: [
        { type: 'tool-result', callId: answered(id && unsealCallId(id).id, name, calls), ...(name !== undefined && { name }), content },
      ],
    };
  },
});

const readCall = (call: JsonObject, path: string, calls: Calls): ToolCallPart => {
  const declared = wantObject(call['function'], `${path}.function`);
  const name = wantString(declared['name'], `${path}.function.name`);
  const given = asString(call['id']);
  // Made the same way each time, so that prompt caches of other vendors keep hitting.
  const opened = given ? unsealCallId(given) : { id: `call_${calls.length}` };
  calls.push({ id: opened.id, name, answered: false });
  const args = declared['arguments'];
  const object = asObject(args);
  return {
    type: 'tool-call',
    kind: 'function',
    ...opened,
    name,
    arguments: object ? JSON.stringify(object) : (asString(args) ?? ''),
  };
};

const answered = (id: string | undefined, name: string | undefined, calls: Calls): string => {
  const open = calls.filter((call) => !call.answered);
  const call =
    (id && open.find((each) => each.id === id)) || open.find((each) => each.name === name) || (id === undefined ? open[0] : undefined);
  if (!call) return id ?? `call_${calls.length}`;
  call.answered = true;
  return call.id;
};
