import type { ChatRequest, CustomTool, FunctionTool, JsonObject, ProviderTool, Tool, WebSearch } from '../../types/index.ts';
import { asObject, compact, isObject } from '../shared/read.ts';
import { NotStrict, strictLimits, toStrictSchema } from '../shared/strict-schema.ts';
import { customInput } from '../shared/tool-hints.ts';
import { readSearchTool } from '../shared/web-search.ts';
import { origin, ownExtra } from './common.ts';
import type { Writing } from './writing.ts';

export interface WrittenTools {
  tools: JsonObject[];
  /** Names, as the client knows them, of tools with free text for input. */
  customTools: string[];
}

export const writeTools = (request: ChatRequest, writing: Writing): WrittenTools => {
  const declared = allowedOnly(request, writing);
  const strict = strictSchemas(declared, writing);
  const customTools: string[] = [];
  const tools = declared.flatMap((tool): JsonObject[] => {
    if (tool.type === 'function') return [writeFunction(tool, strict?.get(tool), writing)];
    if (tool.type === 'custom') {
      customTools.push(tool.name);
      return [writeCustom(tool, writing)];
    }
    const written = writeProviderTool(tool, writing);
    return written ? [written] : [];
  });
  if (request.webSearch && !tools.some(({ type }) => String(type).startsWith('web_search_')))
    tools.push(writeWebSearch(request.webSearch, writing));
  return { tools, customTools };
};

/** OpenAI's "only these of the tools": Anthropic has no word for it, but the others need not be offered. */
const allowedOnly = ({ tools = [], toolChoice }: ChatRequest, writing: Writing): readonly Tool[] => {
  if (toolChoice?.type !== 'allowed') return tools;
  const names = new Set(toolChoice.names);
  writing.note(`${writing.spell('toolChoice')}.allowed_tools`, 'the other tools are not sent');
  return tools.filter((tool) => names.has(tool.name ?? '') || (tool.type === 'provider' && names.has(String(tool.value['type']))));
};

/** Anthropic wants an object; a root without a type is one in all but name. */
const inputSchema = (parameters: JsonObject | undefined): JsonObject =>
  parameters === undefined
    ? { type: 'object', properties: {} }
    : parameters['type'] === undefined
      ? { type: 'object', ...parameters }
      : parameters;

const writeFunction = (tool: FunctionTool, strict: JsonObject | undefined, writing: Writing): JsonObject => {
  const { declared, ...own } = ownExtra(tool.extra);
  return asObject(declared) ?? { ...functionOf(tool, strict, writing), ...own };
};

const functionOf = (tool: FunctionTool, strict: JsonObject | undefined, writing: Writing): JsonObject => ({
  name: writing.aliases.of(tool.name),
  ...(tool.description !== undefined && { description: tool.description }),
  input_schema: strict ?? (writing.own && tool.parameters ? tool.parameters : inputSchema(tool.parameters)),
  ...(writing.own ? tool.strict !== undefined && { strict: tool.strict } : strict && { strict: true }),
  ...(tool.cacheControl && { cache_control: tool.cacheControl }),
});

/**
 * The schemas of strict tools in Anthropic's subset, where the model enforces schemas and the request stays within the
 * limits; else undefined, and the tools are sent without the promise, which is noted (FP-32).
 */
const strictSchemas = (tools: readonly Tool[], { own, context, note }: Writing): Map<Tool, JsonObject> | undefined => {
  const wanted = tools.filter((tool): tool is FunctionTool => tool.type === 'function' && tool.strict === true);
  if (own || wanted.length === 0) return undefined;
  const giveUp = (why: string): undefined => note('tools[].strict', why) as undefined;
  if (context.traits.jsonSchema !== true) return giveUp('this model is not known to enforce schemas');
  if (wanted.length > strictLimits.tools) return giveUp(`Anthropic takes ${strictLimits.tools} strict tools in a request`);
  const schemas = new Map<Tool, JsonObject>();
  const total = { optional: 0, unions: 0 };
  for (const tool of wanted) {
    // A function without parameters has an object without members for input.
    const result = toStrictSchema(
      tool.parameters ? inputSchema(tool.parameters) : { type: 'object', properties: {}, additionalProperties: false },
    );
    if (result instanceof NotStrict) {
      giveUp(`${tool.name}: ${result.why}`);
      continue;
    }
    schemas.set(tool, result.schema);
    total.optional += result.cost.optional;
    total.unions += result.cost.unions;
  }
  if (total.optional > strictLimits.optional) return giveUp(`Anthropic takes ${strictLimits.optional} optional parameters in strict tools`);
  if (total.unions > strictLimits.unions)
    return giveUp(`Anthropic takes ${strictLimits.unions} parameters with union types in strict tools`);
  return schemas;
};

/** A tool with free text for input, as a function of one string. A grammar cannot be enforced; the model is told of it. */
const writeCustom = (tool: CustomTool, writing: Writing): JsonObject => {
  const definition = asObject(tool.format)?.['definition'] ?? asObject(asObject(tool.format)?.['grammar'])?.['definition'];
  if (typeof definition === 'string') writing.note('tools[].format', 'Anthropic cannot hold input to a grammar; the model is told of it');
  const grammar = typeof definition === 'string' ? `The input has to follow this grammar:\n${definition}` : undefined;
  const description = [tool.description, grammar].filter(Boolean).join('\n\n');
  return {
    name: writing.aliases.of(tool.name),
    ...(description !== '' && { description }),
    input_schema: {
      type: 'object',
      properties: { [customInput]: { type: 'string', description: 'The whole input of the tool, as free text.' } },
      required: [customInput],
    },
    ...(tool.cacheControl && { cache_control: tool.cacheControl }),
  };
};

/** What Anthropic has for the tools that others run themselves. The dated types are those that need no other tool beside them. */
const counterparts: Readonly<Partial<Record<NonNullable<ProviderTool['kind']>, (tool: ProviderTool, writing: Writing) => JsonObject>>> = {
  'web-search': (tool, writing) => writeWebSearch(readSearchTool(tool.value), writing),
  'url-context': () => ({ type: 'web_fetch_20250910', name: 'web_fetch' }),
  'code-execution': () => ({ type: 'code_execution_20250825', name: 'code_execution' }),
};

const writeProviderTool = (tool: ProviderTool, writing: Writing): JsonObject | undefined => {
  if (tool.origin === origin) return tool.value;
  const counterpart = tool.kind && counterparts[tool.kind]?.(tool, writing);
  if (counterpart) return { ...counterpart, ...(tool.cacheControl && { cache_control: tool.cacheControl }) };
  return void writing.lacks(
    'tools',
    `Anthropic has no counterpart of the tool '${tool.name ?? String(tool.value['type'] ?? Object.keys(tool.value)[0])}'`,
  );
};

/** https://platform.claude.com/docs/en/agents-and-tools/tool-use/web-search-tool, read 2026-11-21 */
const writeWebSearch = (search: WebSearch, writing: Writing): JsonObject => {
  const { allowedDomains, blockedDomains, maxUses, contextSize } = search;
  if (contextSize !== undefined && contextSize !== 'medium')
    writing.note('search_context_size', 'Anthropic has no size of the context of a search');
  const both = allowedDomains?.length && blockedDomains?.length;
  if (both) writing.note('blocked_domains', 'Anthropic takes either allowed or blocked domains');
  const place = compact({
    city: search.userLocation?.['city'],
    region: search.userLocation?.['region'],
    country: search.userLocation?.['country'],
    timezone: search.userLocation?.['timezone'],
  });
  const known = Object.fromEntries(Object.entries(place).filter(([, value]) => typeof value === 'string' && value !== ''));
  return {
    type: 'web_search_20250305',
    name: 'web_search',
    ...(maxUses !== undefined && { max_uses: maxUses }),
    ...(allowedDomains?.length && { allowed_domains: allowedDomains }),
    ...(blockedDomains?.length && !both && { blocked_domains: blockedDomains }),
    ...(isObject(search.userLocation) && Object.keys(known).length > 0 && { user_location: { type: 'approximate', ...known } }),
  };
};
