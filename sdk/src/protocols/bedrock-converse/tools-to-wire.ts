import type { ChatRequest, CustomTool, FunctionTool, JsonObject, Message, ProviderTool, Tool, WebSearch } from '../../types/index.ts';
import { asObject } from '../shared/read.ts';
import { NotStrict, strictLimits, toStrictSchema } from '../shared/strict-schema.ts';
import { customInput } from '../shared/tool-hints.ts';
import { readSearchTool, searchLimits } from '../shared/web-search.ts';
import { writeCachePoint } from './common.ts';
import { isClaude, isMain } from './family.ts';
import { nova, systemTools } from './tools-from-wire.ts';
import type { Writing } from './writing.ts';

export interface WrittenTools {
  /** Of `toolConfig.tools`. */
  tools: JsonObject[];
  /** Tools that Anthropic defined and the client runs: they go to Claude in `additionalModelRequestFields`. */
  claudeTools: JsonObject[];
  /** Names, as the client knows them, of tools with free text for input. */
  customTools: string[];
}

export const writeTools = (request: ChatRequest, writing: Writing): WrittenTools => {
  const written: WrittenTools = { tools: [], claudeTools: [], customTools: [] };
  const budget = { tools: 0, optional: 0, unions: 0 };
  for (const tool of allowedOnly(request, writing)) {
    if (tool.type === 'provider') writeProviderTool(tool, written, writing);
    else if (tool.type === 'function') written.tools.push(writeFunction(tool, budget, writing));
    else {
      written.customTools.push(tool.name);
      written.tools.push(writeCustom(tool, writing));
    }
    if (!tool.cacheControl) continue;
    if (isMain(writing.family)) written.tools.push(writeCachePoint(tool.cacheControl));
    else writing.note('cache_control', 'this model takes no cache points');
  }
  if (request.webSearch && !written.tools.some((tool) => 'systemTool' in tool)) {
    if (writing.family === nova) {
      written.tools.push({ systemTool: { name: 'nova_grounding' } });
      noteSearch(request.webSearch, writing);
    } else writing.lacks('webSearch', 'Bedrock searches the web for Nova only');
  }
  return written;
};

/** Nova's search takes no options. Which sites are searched changes the answer; the rest are hints. */
const noteSearch = (search: WebSearch, writing: Writing): void => {
  const parameter = writing.spell('webSearch');
  const why = "Nova's search takes no options";
  for (const name of searchLimits(search)) writing.context.lacks(`${parameter}.${name}`, why);
  if (search.userLocation) writing.note(`${parameter}.user_location`, why);
  if (search.contextSize !== undefined) writing.note(`${parameter}.search_context_size`, why);
  if (search.maxUses !== undefined) writing.note(`${parameter}.max_uses`, why);
};

/** OpenAI's "only these of the tools": Bedrock has no word for it, but the others need not be offered. */
const allowedOnly = ({ tools = [], toolChoice }: ChatRequest, writing: Writing): readonly Tool[] => {
  if (toolChoice?.type !== 'allowed') return tools;
  const names = new Set(toolChoice.names);
  writing.note(`${writing.spell('toolChoice')}.allowed_tools`, 'the other tools are not sent');
  return tools.filter((tool) => names.has(tool.name ?? '') || (tool.type === 'provider' && names.has(String(tool.value['type']))));
};

/** An object is demanded; a root without a type is one in all but name. */
const inputSchema = (parameters: JsonObject | undefined): JsonObject =>
  parameters === undefined
    ? { type: 'object', properties: {} }
    : parameters['type'] === undefined
      ? { type: 'object', ...parameters }
      : parameters;

const spec = (
  name: string,
  description: string | undefined,
  schema: JsonObject,
  strict: boolean | undefined,
  writing: Writing,
): JsonObject => ({
  toolSpec: {
    name: writing.aliases.of(name),
    ...(description !== undefined && description !== '' && { description }),
    inputSchema: { json: schema },
    ...(strict !== undefined && { strict }),
  },
});

const writeFunction = (tool: FunctionTool, budget: { tools: number; optional: number; unions: number }, writing: Writing): JsonObject => {
  if (writing.own) return spec(tool.name, tool.description, tool.parameters ?? inputSchema(undefined), tool.strict, writing);
  const strict = tool.strict === true ? strictSchema(tool, budget, writing) : undefined;
  return spec(tool.name, tool.description, strict ?? inputSchema(tool.parameters), strict && true, writing);
};

/** The schema of a strict tool, where the model enforces schemas; else the promise is taken back, which is noted (FP-32). */
const strictSchema = (
  tool: FunctionTool,
  budget: { tools: number; optional: number; unions: number },
  writing: Writing,
): JsonObject | undefined => {
  const giveUp = (why: string): undefined => writing.note('tools[].strict', why) as undefined;
  if (writing.context.traits.jsonSchema !== true) return giveUp('this model is not known to enforce schemas');
  const schema = tool.parameters ? inputSchema(tool.parameters) : { type: 'object', properties: {}, additionalProperties: false };
  if (!isClaude(writing.family)) return schema;
  const result = toStrictSchema(schema);
  if (result instanceof NotStrict) return giveUp(`${tool.name}: ${result.why}`);
  budget.tools++;
  budget.optional += result.cost.optional;
  budget.unions += result.cost.unions;
  const within = budget.tools <= strictLimits.tools && budget.optional <= strictLimits.optional && budget.unions <= strictLimits.unions;
  return within ? result.schema : giveUp('more than Claude can hold to in one request');
};

/** A tool with free text for input, as a function of one string. A grammar cannot be enforced; the model is told of it. */
const writeCustom = (tool: CustomTool, writing: Writing): JsonObject => {
  const definition = asObject(tool.format)?.['definition'] ?? asObject(asObject(tool.format)?.['grammar'])?.['definition'];
  if (typeof definition === 'string') writing.note('tools[].format', 'Bedrock cannot hold input to a grammar; the model is told of it');
  const grammar = typeof definition === 'string' ? `The input has to follow this grammar:\n${definition}` : undefined;
  const schema = {
    type: 'object',
    properties: { [customInput]: { type: 'string', description: 'The whole input of the tool, as free text.' } },
    required: [customInput],
  };
  return spec(tool.name, [tool.description, grammar].filter(Boolean).join('\n\n'), schema, undefined, writing);
};

/** Anthropic's tools that the client runs; what Anthropic's servers run, Bedrock does not. */
const clientSide = /^(?:computer|bash|text_editor|memory)_\d{8}$/;

const writeProviderTool = (tool: ProviderTool, written: WrittenTools, writing: Writing): void => {
  const type = String(tool.value['type'] ?? '');
  if (tool.origin === nova) written.tools.push(tool.value);
  else if (isClaude(writing.family) && clientSide.test(type)) written.claudeTools.push(tool.value);
  else {
    const name = writing.family === nova ? Object.keys(systemTools).find((each) => systemTools[each] === tool.kind) : undefined;
    if (name !== undefined) {
      written.tools.push({ systemTool: { name } });
      if (tool.kind === 'web-search') noteSearch(readSearchTool(tool.value), writing);
    } else
      writing.lacks(
        'tools',
        `Bedrock has no counterpart of the tool '${tool.name ?? (type || Object.keys(tool.value)[0])}' for this model`,
      );
  }
};

/** Whether there are calls or results in a conversation: `toolConfig` is demanded then, also where the client declares no tools any more. */
export const holdsCalls = (messages: readonly Message[]): boolean =>
  messages.some(({ content }) => content.some(({ type }) => type === 'tool-call' || type === 'tool-result'));

export const toolsOfHistory = (messages: readonly Message[], writing: Writing): JsonObject[] => {
  const calls = messages.flatMap(({ content }) => content.flatMap((part) => (part.type === 'tool-call' ? [part.name] : [])));
  writing.note(writing.spell('tools'), 'Bedrock wants the tools of earlier calls declared; they are, by their names');
  const names = calls.length > 0 ? new Set(calls) : ['earlier_tool'];
  return [...names].map((name) => spec(name, undefined, inputSchema(undefined), undefined, writing));
};
