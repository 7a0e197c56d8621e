import { table } from '../../lib/table.ts';
import { SluiceError, type JsonObject, type Tool, type ToolChoice } from '../../types/index.ts';
import { asBoolean, asObject, asObjects, asString, compact, maybe, wantArray, wantObject, wantString } from '../shared/read.ts';
import { hasMembers, keep, readCacheMark, without } from './own.ts';

/** Reading of `tools`, `tool_choice` and their old forms `functions`, `function_call`. Writing is in `tools-write.ts`. */

const schema = (value: unknown, path: string): JsonObject | undefined => maybe(wantObject, value, path);

const functionTool = (body: JsonObject, path: string, around: JsonObject): Tool => {
  const inner = without(body, 'name', 'description', 'parameters', 'strict');
  return compact<Tool>({
    type: 'function',
    name: wantString(body['name'], `${path}.name`),
    description: asString(body['description']),
    parameters: schema(body['parameters'], `${path}.parameters`),
    strict: asBoolean(body['strict']),
    ...readCacheMark(around),
    ...keep({ ...without(around, 'type', 'function', 'cache_control'), ...(hasMembers(inner) && { inner }) }),
  });
};

const kinds: readonly [RegExp, NonNullable<Extract<Tool, { type: 'provider' }>['kind']>][] = [
  [/web_?search|google_?search|live_search/i, 'web-search'],
  [/code_?(?:execution|interpreter)/i, 'code-execution'],
  [/url_?context|web_?fetch/i, 'url-context'],
  [/file_?search/i, 'file-search'],
  [/computer/i, 'computer-use'],
  [/image_?generation/i, 'image-generation'],
];

/** A tool that the provider runs or defines: whose it is shows in its spelling. */
const providerTool = (tool: JsonObject): Tool => {
  const type = asString(tool['type']);
  const label = type ?? Object.keys(tool)[0] ?? '';
  const kind = kinds.find(([pattern]) => pattern.test(label))?.[1];
  // Anthropic's types end in a date, Google's tools have a member instead of a type.
  const origin = type === undefined ? 'google' : /_\d{8}$/.test(type) ? 'anthropic' : 'openai';
  return compact<Tool>({ type: 'provider', origin, kind, name: asString(tool['name']), value: tool, ...readCacheMark(tool) });
};

const readTool = (value: unknown, at: number): Tool => {
  const path = `tools[${at}]`;
  const tool = wantObject(value, path);
  const type = tool['type'];
  const body = asObject(tool['function']);
  // Mistral's clients leave the type out; Responses' and Anthropic's have the members on the tool itself (FP-18).
  if (body) return functionTool(body, `${path}.function`, tool);
  if (type === 'function') return functionTool(without(tool, 'type', 'cache_control'), path, { cache_control: tool['cache_control'] });
  if (asObject(tool['input_schema']) && (type === undefined || type === 'custom')) {
    const renamed = { ...without(tool, 'type', 'cache_control', 'input_schema'), parameters: tool['input_schema'] };
    return functionTool(renamed, path, { cache_control: tool['cache_control'] });
  }
  if (type !== 'custom') return providerTool(tool);
  const custom = asObject(tool['custom']) ?? tool;
  return compact<Tool>({
    type: 'custom',
    name: wantString(custom['name'], `${path}.custom.name`),
    description: asString(custom['description']),
    format: asObject(custom['format']),
    ...readCacheMark(tool),
  });
};

export const readTools = (body: JsonObject): Tool[] | undefined => {
  const tools = maybe(wantArray, body['tools'], 'tools')?.map(readTool);
  const functions = maybe(wantArray, body['functions'], 'functions')?.map((value, at) => {
    return functionTool(wantObject(value, `functions[${at}]`), `functions[${at}]`, {});
  });
  return tools || functions ? [...(tools ?? []), ...(functions ?? [])] : undefined;
};

const words: Readonly<Record<string, ToolChoice>> = table({
  auto: { type: 'auto' },
  none: { type: 'none' },
  required: { type: 'required' },
  any: { type: 'required' },
});

const nameOf = (choice: JsonObject, member: string): string =>
  wantString(asObject(choice[member])?.['name'] ?? choice['name'], `tool_choice.${member}.name`);

const allowed = (choice: JsonObject): ToolChoice => {
  const value = asObject(choice['allowed_tools']) ?? choice;
  const names = asObjects(value['tools']).map((tool) => {
    const body = asObject(tool['function']) ?? asObject(tool['custom']) ?? tool;
    return wantString(body['name'], 'tool_choice.allowed_tools.tools.name');
  });
  return { type: 'allowed', names, required: value['mode'] === 'required', value: choice };
};

/** All spellings of a choice; `{}` is none (FP-89). @throws SluiceError `invalid_request` */
const readChoice = (value: unknown): ToolChoice | undefined => {
  if (value === undefined || value === null) return undefined;
  const word = asString(value);
  const choice = asObject(value);
  if (word !== undefined && words[word]) return words[word];
  if (choice && !hasMembers(choice)) return undefined;
  const type = asString(choice?.['type']);
  if (!choice || (type === undefined && !asObject(choice['function']))) {
    throw new SluiceError('invalid_request', "'tool_choice' must be 'auto', 'none', 'required' or an object that names a tool.", {
      param: 'tool_choice',
    });
  }
  if (type !== undefined && words[type]) return words[type];
  if (type === 'allowed_tools') return allowed(choice);
  if (type === 'custom') return { type: 'tool', name: nameOf(choice, 'custom'), kind: 'custom' };
  if (type === undefined || type === 'function' || type === 'tool')
    return { type: 'tool', name: nameOf(choice, 'function'), kind: 'function' };
  return { type: 'tool', name: asString(choice['name']) ?? type, kind: 'provider', value: choice };
};

/** The old `function_call`: a word, or the name alone. */
const readLegacyChoice = (value: unknown): ToolChoice | undefined => {
  const name = asString(asObject(value)?.['name']);
  return name === undefined ? readChoice(value) : { type: 'tool', name, kind: 'function' };
};

export const readToolChoice = (body: JsonObject): ToolChoice | undefined =>
  readChoice(body['tool_choice']) ?? readLegacyChoice(body['function_call']);
