import { table } from '../../lib/table.ts';
import type { ChatRequest, FunctionTool, JsonObject, ProviderTool, ToolChoice, ToWireContext, WebSearch } from '../../types/index.ts';
import { asObject } from '../shared/read.ts';
import { parameterName } from '../shared/parameter-name.ts';
import type { ToolAliases } from '../shared/tool-alias.ts';
import { thinksByLevel } from './reasoning.ts';
import { toParametersSchema } from './schema-to.ts';

/** Google's own tool for a kind that other vendors have as well. */
const ownTool: Partial<Record<NonNullable<ProviderTool['kind']>, string>> = {
  'web-search': 'googleSearch',
  'code-execution': 'codeExecution',
  'url-context': 'urlContext',
};

/** Where the client's format has a tool's schema, for errors. */
const schemaPath: Readonly<Record<string, string>> = table({
  'openai-chat': 'function.parameters',
  'openai-responses': 'parameters',
  'anthropic-messages': 'input_schema',
});

/** A custom tool takes free text; a function with one text argument is the nearest thing. */
const inputSchema: JsonObject = {
  type: 'object',
  properties: { input: { type: 'string', description: 'The input of the tool, as free text.' } },
  required: ['input'],
};

export interface WrittenTools {
  tools?: JsonObject[];
  /** Tools of Google's own beside functions, which the third generation must be allowed. */
  mixed: boolean;
  functions: boolean;
  /** The client's names of its custom tools. */
  custom: string[];
}

/** `tools` and `web_search_options` -> `tools`: all functions in one declaration, each tool of Google's own in its own. */
export const writeTools = (
  request: Pick<ChatRequest, 'tools' | 'webSearch'>,
  context: ToWireContext,
  aliases: ToolAliases,
): WrittenTools => {
  const declarations: JsonObject[] = [];
  const own: JsonObject[] = [];
  const custom: string[] = [];
  request.tools?.forEach((tool, index) => {
    if (tool.type === 'function') declarations.push(writeFunction(tool, index, context, aliases));
    else if (tool.type === 'custom') {
      custom.push(tool.name);
      if (tool.format && tool.format['type'] !== 'text')
        context.drop(`tools[${index}].format`, 'Gemini cannot hold a tool input to a grammar');
      declarations.push({ name: aliases.of(tool.name), description: tool.description ?? '', parametersJsonSchema: inputSchema });
    } else {
      const written = writeProviderTool(tool, index, context);
      if (written && !own.some((each) => sameTool(each, written))) own.push(written);
    }
  });
  if (request.webSearch) {
    noteSearchOptions(request.webSearch, context);
    const search = { googleSearch: {} };
    if (!own.some((each) => sameTool(each, search))) own.push(search);
  }
  const tools = [...(declarations.length > 0 ? [{ functionDeclarations: declarations }] : []), ...own];
  const functions = declarations.length > 0;
  return { ...(tools.length > 0 && { tools }), mixed: functions && own.length > 0, functions, custom };
};

const sameTool = (a: JsonObject, b: JsonObject): boolean => Object.keys(a)[0] === Object.keys(b)[0];

const writeFunction = (tool: FunctionTool, index: number, context: ToWireContext, aliases: ToolAliases): JsonObject => {
  const own = tool.extra?.['gemini'];
  if (tool.strict) context.drop('strict', 'Gemini makes no promise that arguments keep to the schema');
  const path = `tools[${index}].${schemaPath[context.from] ?? 'parameters'}`;
  const known = own?.['parameters'] !== undefined || own?.['parametersJsonSchema'] !== undefined;
  return {
    name: aliases.of(tool.name),
    description: tool.description ?? '',
    ...(!known && tool.parameters && { parametersJsonSchema: toParametersSchema(tool.parameters, { what: `tool '${tool.name}'`, path }) }),
    ...own,
  };
};

const writeProviderTool = ({ origin, kind, name, value }: ProviderTool, index: number, context: ToWireContext): JsonObject | undefined => {
  if (origin === 'google') return value;
  const theirs = String(value['type'] ?? name ?? kind ?? 'tool');
  const ours = kind && ownTool[kind];
  if (ours === undefined) {
    context.lacks(`tools[${index}]`, `Gemini has nothing like '${theirs}'`);
    return undefined;
  }
  const options = Object.keys(value).filter((key) => !['type', 'name'].includes(key) && !domainLists.has(key));
  // Which sites are searched changes the answer.
  for (const key of domainLists)
    if (isNarrowed(value[key])) context.lacks(`tools[${index}].${key}`, 'Google Search cannot be held to domains or kept from them');
  if (options.length > 0) context.drop(`tools[${index}]`, `${options.join(', ')} of '${theirs}' mean nothing to Gemini's ${ours}`);
  return { [ours]: {} };
};

const domainLists: ReadonlySet<string> = new Set(['allowed_domains', 'blocked_domains', 'filters']);

const isNarrowed = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : Object.values(asObject(value) ?? {}).some((each) => Array.isArray(each) && each.length > 0);

/** Which sites are searched changes the answer; how much and from where is a hint. */
const noteSearchOptions = (
  { allowedDomains, blockedDomains, userLocation, contextSize, maxUses }: WebSearch,
  context: ToWireContext,
): void => {
  const parameter = parameterName('webSearch', context.from);
  if (allowedDomains?.length) context.lacks(`${parameter}.allowed_domains`, 'Google Search cannot be held to domains');
  if (blockedDomains?.length) context.lacks(`${parameter}.blocked_domains`, 'Google Search cannot be kept from domains');
  if (userLocation) context.drop(`${parameter}.user_location`, 'Google Search takes no location');
  if (contextSize !== undefined) context.drop(`${parameter}.search_context_size`, 'Google Search has no such size');
  if (maxUses !== undefined) context.drop(`${parameter}.max_uses`, 'Google Search cannot be counted');
};

/** The tool choice -> `functionCallingConfig`; undefined where the provider's default says the same. */
const writeChoice = (choice: ToolChoice, aliases: ToolAliases, context: ToWireContext): JsonObject | undefined => {
  switch (choice.type) {
    case 'auto':
      return { mode: 'AUTO' };
    case 'none':
      return { mode: 'NONE' };
    case 'required':
      return { mode: 'ANY' };
    case 'tool':
      if (choice.kind === 'provider') {
        context.lacks(parameterName('toolChoice', context.from), "Gemini cannot be made to use a tool of Google's own");
        return undefined;
      }
      return { mode: 'ANY', allowedFunctionNames: [aliases.of(choice.name)] };
    case 'allowed':
      // Names may be given with ANY and VALIDATED only; VALIDATED leaves the model free to answer in words.
      return { mode: choice.required ? 'ANY' : 'VALIDATED', allowedFunctionNames: choice.names.map((name) => aliases.of(name)) };
  }
};

export const writeToolConfig = (
  request: ChatRequest,
  written: WrittenTools,
  aliases: ToolAliases,
  context: ToWireContext,
): JsonObject | undefined => {
  const own = request.extra?.['gemini'];
  const config: JsonObject = {};
  const choice = request.toolChoice && writeChoice(request.toolChoice, aliases, context);
  const calling = { ...choice, ...(own?.['functionCallingConfig'] as JsonObject | undefined) };
  if (Object.keys(calling).length > 0) {
    // Google refuses the setting where no function is declared; there is nothing to choose from then.
    if (written.functions || context.from === 'gemini') config['functionCallingConfig'] = calling;
    else if (calling['mode'] === 'ANY') context.drop(parameterName('toolChoice', context.from), 'no function is declared');
  }
  if (request.parallelToolCalls === false && written.functions) refuseParallel(request, context);
  // Without it, Gemini 3 refuses functions beside Google's own tools.
  if (written.mixed && thinksByLevel(context)) config['includeServerSideToolInvocations'] = true;
  Object.assign(config, own?.['toolConfig']);
  return Object.keys(config).length === 0 ? undefined : config;
};

/**
 * Where one certain tool must be called, one at a time is how clients ask for a JSON answer (Vercel's AI SDK in Anthropic's
 * format): they read the first call, and a second one does no harm.
 */
const refuseParallel = ({ tools, toolChoice }: ChatRequest, context: ToWireContext): void => {
  const functions = (tools ?? []).filter((tool) => tool.type !== 'provider');
  const name = parameterName('parallelToolCalls', context.from);
  const why = 'Gemini may always make several calls at once';
  const only = functions.length === 1 && (toolChoice?.type === 'required' || (toolChoice?.type === 'allowed' && toolChoice.required));
  if (only || toolChoice?.type === 'tool') context.drop(name, why);
  else context.lacks(name, why);
};
