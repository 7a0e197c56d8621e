import { table } from '../../lib/table.ts';
import {
  SluiceError,
  type JsonObject,
  type Message,
  type OpaquePart,
  type Part,
  type Signature,
  type ToolCallPart,
  type ToolResultPart,
} from '../../types/index.ts';
import { pairCalls } from '../shared/pair-calls.ts';
import { asArray, asString, isObject, wantArray, wantObject, wantString } from '../shared/read.ts';
import { unsealCallId } from '../shared/seal.ts';
import { readClientCall, readClientOutput } from './client-tools.ts';
import { readContentPart, type ContentPart } from './content.ts';
import { asNative, family, nativeOf, without } from './native.ts';
import { flatName } from './namespace.ts';
import { readReasoning, type Carried } from './reasoning-item.ts';

/*
 * Items become messages. What a model gave in one turn (reasoning, messages, calls, one item each) is one assistant
 * message; the parts remember the members of their items, so that `write-input.ts` splits it into the same items.
 */

/** Builds the messages from items that come one by one. */
class Conversation {
  readonly messages: Message[] = [];

  /** The message that more of the same role is added to. */
  #open(role: 'assistant' | 'tool'): Message {
    const last = this.messages.at(-1);
    if (last?.role === role) return last;
    const message: Message = { role, content: [] };
    this.messages.push(message);
    return message;
  }

  add(role: 'assistant' | 'tool', ...parts: Part[]): void {
    this.#open(role).content.push(...parts);
  }

  /** An item that is no turn of its own: it stays where it stood. */
  addOpaque(part: OpaquePart): void {
    const last = this.messages.at(-1);
    if (last) last.content.push(part);
    else this.messages.push({ role: 'user', content: [part] });
  }

  /** A signature that was parted from its text or call (`carrierItem`). */
  sign(carried: Carried, signature: Signature): void {
    const { content } = this.#open('assistant');
    for (let at = content.length - 1; at >= 0; at--) {
      const part = content[at]!;
      const mine = carried.of === 'call' ? part.type === 'tool-call' && part.id === carried.callId : part.type === carried.of;
      if (!mine) continue;
      content[at] = { ...part, signature } as Part;
      return;
    }
  }
}

const roles = ['user', 'system', 'developer'] as const;

/** Parts of an assistant's message item. The first one remembers the item, the others that they belong to it. */
const assistantParts = (item: JsonObject, path: string): Part[] => {
  const members = without(item, 'role', 'content');
  const content = item['content'];
  if (typeof content === 'string') return [{ type: 'text', text: content, ...asNative({ item: members, string: true }) }];
  const parts = wantArray(content, `${path}.content`).map((entry, at) => readContentPart(entry, `${path}.content[${at}]`, 'output_text'));
  if (parts.length === 0) return [opaque(item)];
  return parts.map((part, at) => ({
    ...part,
    ...asNative({ ...nativeOf(part), ...(at === 0 ? { item: members } : { continues: true }) }),
  }));
};

const opaque = (item: JsonObject): OpaquePart => ({ type: 'opaque', origin: family, value: item, ...asNative({ item: true }) });

const readMessage = (item: JsonObject, path: string, into: Conversation): void => {
  const role = wantString(item['role'], `${path}.role`);
  if (role === 'assistant') return into.add('assistant', ...assistantParts(item, path));
  const known = roles.find((each) => each === role);
  if (!known) {
    throw new SluiceError('invalid_request', `'${path}.role' must be 'user', 'assistant', 'system' or 'developer', not '${role}'.`, {
      param: `${path}.role`,
    });
  }
  const members = without(item, 'role', 'content');
  const { content } = item;
  const string = typeof content === 'string';
  const parts: ContentPart[] = string
    ? [{ type: 'text', text: content }]
    : wantArray(content, `${path}.content`).map((entry, at) => readContentPart(entry, `${path}.content[${at}]`, 'input_text'));
  into.messages.push({ role: known, content: parts, ...asNative({ item: members, ...(string && { string }) }) });
};

const readCall =
  (kind: ToolCallPart['kind'], text: string): Reader =>
  (item, path, into) => {
    const name = wantString(item['name'], `${path}.name`);
    const namespace = asString(item['namespace']);
    const itemId = asString(item['id']);
    const members = without(item, 'type', 'call_id', 'name', text, ...(itemId === undefined ? [] : ['id']));
    into.add('assistant', {
      type: 'tool-call',
      kind,
      ...unsealCallId(wantString(item['call_id'], `${path}.call_id`)),
      name: flatName(namespace, name),
      arguments: wantString(item[text], `${path}.${text}`),
      ...(itemId !== undefined && { itemId }),
      ...asNative({ item: members, ...(namespace !== undefined && { name, namespace }) }),
    });
  };

const readResult =
  (kind: NonNullable<ToolResultPart['kind']>): Reader =>
  (item, path, into) => {
    const { output } = item;
    const string = typeof output === 'string';
    const content: ContentPart[] = string
      ? [{ type: 'text', text: output }]
      : wantArray(output, `${path}.output`).map((entry, at) => readContentPart(entry, `${path}.output[${at}]`, 'input_text'));
    into.add('tool', {
      type: 'tool-result',
      callId: unsealCallId(wantString(item['call_id'], `${path}.call_id`)).id,
      kind,
      // A refusal is no tool's answer; whatever else the list held is what tools may give.
      content: content.filter((part) => part.type !== 'refusal'),
      ...asNative({ item: without(item, 'type', 'call_id', 'output'), ...(string && { string }) }),
    });
  };

/** A picture that a model made, whichever model: another one can look at it. */
const readPicture: Reader = (item, _path, into) => {
  const data = asString(item['result']);
  if (!data) return into.add('assistant', opaque(item));
  const mediaType = `image/${asString(item['output_format']) ?? 'png'}`;
  into.add('assistant', { type: 'image', source: { kind: 'base64', mediaType, data }, ...asNative({ item: without(item, 'result') }) });
};

const readThought: Reader = (item, _path, into) => {
  const { part, carried } = readReasoning(item);
  if (!carried) into.add('assistant', part);
  else if (part.type === 'thinking' && part.signature) into.sign(carried, part.signature);
};

type Reader = (item: JsonObject, path: string, into: Conversation) => void;

const readers: Readonly<Record<string, Reader>> = table({
  message: readMessage,
  reasoning: readThought,
  function_call: readCall('function', 'arguments'),
  custom_tool_call: readCall('custom', 'input'),
  function_call_output: readResult('function'),
  custom_tool_call_output: readResult('custom'),
  image_generation_call: readPicture,
});

/** Items of the model's turn that only OpenAI's models read; the others that are not known are the client's. */
const ofModel = (type: string): boolean =>
  type.endsWith('_call') || ['mcp_list_tools', 'mcp_approval_request', 'compaction', 'program'].includes(type);

const readItem = (entry: unknown, path: string, into: Conversation): void => {
  const item = wantObject(entry, path);
  const type = asString(item['type']) ?? (item['role'] === undefined ? 'item_reference' : 'message');
  const reader = readers[type];
  if (reader) return reader(item, path, into);
  const call = readClientCall(item);
  if (call) return into.add('assistant', call);
  const output = readClientOutput(item);
  if (output) return into.add('tool', output);
  if (ofModel(type)) into.add('assistant', opaque(item));
  else into.addOpaque(opaque(item));
};

/** Reads `input`. @throws SluiceError `invalid_request`, naming the item */
export const readInput = (input: unknown): Message[] => {
  if (typeof input === 'string') return [{ role: 'user', content: [{ type: 'text', text: input }], ...asNative({ input: 'string' }) }];
  const into = new Conversation();
  wantArray(input, 'input').forEach((entry, at) => readItem(entry, `input[${at}]`, into));
  return pairCalls(into.messages);
};

/** Lists of tools that items of the input declare, with their place. */
export const toolListsIn = (input: unknown): { tools: unknown; path: string }[] =>
  asArray(input).flatMap((item, at) =>
    isObject(item) && (item['type'] === 'additional_tools' || item['type'] === 'tool_search_output')
      ? [{ tools: item['tools'], path: `input[${at}].tools` }]
      : [],
  );
