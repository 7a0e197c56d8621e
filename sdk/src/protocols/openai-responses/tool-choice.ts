import { table } from '../../lib/table.ts';
import { SluiceError, type ChatRequest, type JsonObject, type Tool, type ToolChoice, type ToWireContext } from '../../types/index.ts';
import { asObject, asObjects, asString, wantObject, wantString } from '../shared/read.ts';
import type { ToolAliases } from '../shared/tool-alias.ts';
import { isClientTool } from './client-tools.ts';
import { protocolId } from './native.ts';
import { flatName } from './namespace.ts';

const words: Readonly<Record<string, ToolChoice>> = table({
  auto: { type: 'auto' },
  none: { type: 'none' },
  required: { type: 'required' },
});

const nameIn = (tool: JsonObject): string | undefined => {
  // Chat's nesting, as clients that mix the formats send it (FP-18).
  const name = asString(tool['name']) ?? asString(asObject(tool[String(tool['type'])])?.['name']);
  return name === undefined ? undefined : flatName(asString(tool['namespace']), name);
};

/** @throws SluiceError `invalid_request` */
export const readToolChoice = (value: unknown): ToolChoice | undefined => {
  if (typeof value === 'string') {
    const word = words[value];
    if (!word)
      throw new SluiceError('invalid_request', `'tool_choice' must be 'auto', 'none', 'required' or an object, not '${value}'.`, {
        param: 'tool_choice',
      });
    return word;
  }
  const choice = wantObject(value, 'tool_choice');
  // An empty object is sent for "whatever you like" (FP-89).
  if (Object.keys(choice).length === 0) return undefined;
  const type = wantString(choice['type'], 'tool_choice.type');
  if (type === 'allowed_tools') {
    const inner = asObject(choice['allowed_tools']) ?? choice;
    const names = asObjects(inner['tools']).map((tool) => nameIn(tool) ?? String(tool['server_label'] ?? tool['type']));
    return { type: 'allowed', names, required: inner['mode'] === 'required', value: choice };
  }
  if (type === 'function' || type === 'custom') {
    return { type: 'tool', name: wantString(nameIn(choice), 'tool_choice.name'), kind: type, value: choice };
  }
  if (type in words) return words[type];
  if (isClientTool(type)) return { type: 'tool', name: type, kind: 'function', value: choice };
  return { type: 'tool', name: asString(choice['name']) ?? type, kind: 'provider', value: choice };
};

const kindOf = (name: string, tools: readonly Tool[]): Tool['type'] => tools.find((tool) => tool.name === name)?.type ?? 'function';

/** @param written the tools as they go on the wire, in which a foreign provider tool has become one of this format */
export const writeToolChoice = (
  choice: ToolChoice,
  request: ChatRequest,
  written: readonly JsonObject[],
  context: ToWireContext,
  aliases: ToolAliases,
): unknown => {
  const own = context.from === protocolId;
  const tools = request.tools ?? [];
  const byName = (name: string) => ({ type: kindOf(name, tools) === 'custom' ? 'custom' : 'function', name: aliases.of(name) });
  switch (choice.type) {
    case 'tool': {
      if (own && choice.value) return choice.value;
      if (choice.kind !== 'provider' && kindOf(choice.name, tools) !== 'provider') return byName(choice.name);
      const like = written.find((tool) => !['function', 'custom', 'namespace'].includes(String(tool['type'])));
      if (like) return { type: like['type'] };
      context.lacks('tool_choice', `the tool '${choice.name}' is not available here`);
      return undefined;
    }
    case 'allowed':
      if (own && choice.value) return choice.value;
      return { type: 'allowed_tools', mode: choice.required ? 'required' : 'auto', tools: choice.names.map(byName) };
    default:
      return choice.type;
  }
};
