import type { ChatRequest, CustomTool, FunctionTool, JsonObject, ProviderTool, Tool, ToolChoice } from '../../types/index.ts';
import { asObject, asString, compact } from '../shared/read.ts';
import { writeWebSearch } from './formats.ts';
import { hasMembers, kept, without } from './own.ts';
import { readSearchTool, searchLimits } from '../shared/web-search.ts';
import { writeCacheMark } from './cache-mark.ts';
import { clientName, type Writing } from './writing.ts';

const functionTool = (tool: FunctionTool, writing: Writing): JsonObject => {
  const { inner, ...around } = writing.same ? kept(tool) : {};
  const { name, description, parameters, strict } = tool;
  return {
    type: 'function',
    function: compact<JsonObject>({ name: writing.aliases.of(name), description, parameters, strict, ...asObject(inner) }),
    ...around,
    ...writeCacheMark(tool, writing),
  };
};

/** What a custom tool's free text must look like, told in words where the vendor cannot be told otherwise. */
const describeFormat = ({ description, format }: CustomTool): string => {
  const grammar = asObject(format?.['grammar']) ?? format;
  const definition = asString(grammar?.['definition']);
  const said = description ?? '';
  if (definition === undefined) return said;
  return `${said}\n\nThe input must match this ${asString(grammar?.['syntax']) ?? ''} grammar:\n${definition}`.trim();
};

const customTool = (tool: CustomTool, writing: Writing): JsonObject => {
  const name = writing.aliases.of(tool.name);
  const mark = writeCacheMark(tool, writing);
  if (!writing.wrapCustom) {
    return {
      type: 'custom',
      custom: compact<JsonObject>({ name, description: tool.description, format: chatFormat(tool.format) }),
      ...mark,
    };
  }
  const parameters = { type: 'object', properties: { input: { type: 'string' } }, required: ['input'], additionalProperties: false };
  return { type: 'function', function: { name, description: describeFormat(tool), parameters }, ...mark };
};

/** Responses has the grammar's members on the format itself. */
const chatFormat = (format: JsonObject | undefined): JsonObject | undefined =>
  format?.['type'] === 'grammar' && !asObject(format['grammar']) ? { type: 'grammar', grammar: without(format, 'type') } : format;

/** @returns undefined for a tool that goes elsewhere or that the vendor cannot have */
const providerTool = (tool: ProviderTool, writing: Writing): JsonObject | undefined => {
  if (writing.same) return tool.value;
  if (tool.kind !== 'web-search') {
    const name = asString(tool.value['type']) ?? tool.name ?? tool.kind ?? 'provider tool';
    writing.context.lacks(clientName('tools', writing), `the tool '${name}' is known to ${tool.origin} alone`);
  }
  return undefined;
};

const writeTool = (tool: Tool, writing: Writing): JsonObject | undefined =>
  tool.type === 'function' ? functionTool(tool, writing) : tool.type === 'custom' ? customTool(tool, writing) : providerTool(tool, writing);

/** A search tool of another family becomes this format's option. */
export const webSearchMembers = (request: ChatRequest, writing: Writing): JsonObject => {
  const verbatim = writing.same ? kept(request)['web_search_options'] : undefined;
  if (verbatim !== undefined) return { web_search_options: verbatim };
  const theirs = writing.same
    ? undefined
    : request.tools?.find((tool): tool is ProviderTool => tool.type === 'provider' && tool.kind === 'web-search');
  const search = request.webSearch ?? (theirs && readSearchTool(theirs.value));
  if (!search) return {};
  const parameter = clientName('web_search_options', writing);
  // Which sites are searched changes the answer; a vendor without search says so of the whole.
  if (!writing.lacks('web_search_options'))
    for (const name of searchLimits(search)) writing.context.lacks(`${parameter}.${name}`, 'the format cannot hold a search to sites');
  if (search.maxUses !== undefined) writing.drop(`${parameter}.max_uses`, 'the format cannot count searches');
  return { web_search_options: writeWebSearch(search) };
};

/**
 * `tools` and `tool_choice`. A choice without tools is left out: OpenAI refuses it.
 * @param extra tools that the translation itself adds
 */
export const writeTools = (request: ChatRequest, choice: ToolChoice | undefined, extra: readonly Tool[], writing: Writing): JsonObject => {
  const narrowed = choice?.type === 'allowed' && writing.lacks('allowed_tools') ? choice : undefined;
  const offered = [...(request.tools ?? []), ...extra].filter(
    (tool) => !narrowed || (tool.name !== undefined && narrowed.names.includes(tool.name)),
  );
  const tools = offered.map((tool) => writeTool(tool, writing)).filter((tool) => tool !== undefined);
  if (tools.length === 0) return request.tools && writing.same ? { tools } : {};
  const parallel = request.parallelToolCalls;
  const chosen: ToolChoice | undefined = narrowed ? { type: narrowed.required ? 'required' : 'auto' } : choice;
  return {
    tools,
    ...(chosen && writeChoice(chosen, offered, writing)),
    ...(parallel !== undefined && { parallel_tool_calls: parallel }),
  };
};

const writeChoice = (choice: ToolChoice, tools: readonly Tool[], writing: Writing): JsonObject => {
  const kindOf = (name: string): 'function' | 'custom' =>
    !writing.wrapCustom && tools.some((tool) => tool.type === 'custom' && tool.name === name) ? 'custom' : 'function';
  const named = (name: string): JsonObject => ({ type: kindOf(name), [kindOf(name)]: { name: writing.aliases.of(name) } });
  if (choice.type === 'required') return { tool_choice: writing.context.quirks.toolChoiceRequired ?? 'required' };
  if (choice.type === 'auto' || choice.type === 'none') return { tool_choice: choice.type };
  if (choice.type === 'allowed') {
    return {
      tool_choice: {
        type: 'allowed_tools',
        allowed_tools: { mode: choice.required ? 'required' : 'auto', tools: choice.names.map(named) },
      },
    };
  }
  if (choice.kind !== 'provider') return { tool_choice: named(choice.name) };
  if (writing.same && choice.value && hasMembers(choice.value)) return { tool_choice: choice.value };
  writing.context.lacks(clientName('tool_choice', writing), `'${choice.name}' is not a tool that the provider has`);
  return {};
};
