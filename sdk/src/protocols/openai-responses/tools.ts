import { table } from '../../lib/table.ts';
import type { CustomTool, FunctionTool, JsonObject, ProviderTool, Tool, ToWireContext } from '../../types/index.ts';
import { asArray, asBoolean, asObject, asString, compact, wantArray, wantObject, wantString } from '../shared/read.ts';
import type { ToolAliases } from '../shared/tool-alias.ts';
import { readClientTool } from './client-tools.ts';
import { asNative, family, nativeOf, objectIn, protocolId, without } from './native.ts';
import { flatName } from './namespace.ts';

const kinds: Readonly<Record<string, ProviderTool['kind']>> = table({
  web_search: 'web-search',
  web_search_preview: 'web-search',
  code_interpreter: 'code-execution',
  file_search: 'file-search',
  computer: 'computer-use',
  computer_use: 'computer-use',
  computer_use_preview: 'computer-use',
  image_generation: 'image-generation',
});

/** Where a tool stands that is not an entry of its own in `tools`. */
interface Place {
  /** The namespace's declaration without its tools. */
  namespace?: JsonObject;
  /** An input item (`additional_tools`, `tool_search_output`) declares it and is carried itself. */
  carried?: boolean;
}

const placeOf = (place: Place, name: string): JsonObject => ({
  ...(place.namespace && { namespace: place.namespace, name }),
  ...(place.carried && { carried: true }),
});

/** Named members in the tool, the rest (also nulls) remembered. */
const readFunction = (value: JsonObject, path: string, place: Place): FunctionTool => {
  // Chat's nesting, as clients that mix the formats send it (FP-18).
  const nested = asObject(value['function']);
  const tool = nested ?? value;
  const name = wantString(tool['name'], nested ? `${path}.function.name` : `${path}.name`);
  const named = compact({
    description: asString(tool['description']),
    parameters: asObject(tool['parameters']),
    strict: asBoolean(tool['strict']),
  });
  const left = without(tool, 'type', 'name', ...Object.keys(named));
  return {
    type: 'function',
    name: flatName(asString(place.namespace?.['name']), name),
    ...named,
    ...asNative({ ...(Object.keys(left).length > 0 && { tool: left }), ...placeOf(place, name) }),
  };
};

const readCustom = (value: JsonObject, path: string, place: Place): CustomTool => {
  const nested = asObject(value['custom']);
  const tool = nested ?? value;
  const name = wantString(tool['name'], nested ? `${path}.custom.name` : `${path}.name`);
  const named = compact({ description: asString(tool['description']), format: asObject(tool['format']) });
  const left = without(tool, 'type', 'name', ...Object.keys(named));
  return {
    type: 'custom',
    name: flatName(asString(place.namespace?.['name']), name),
    ...named,
    ...asNative({ ...(Object.keys(left).length > 0 && { tool: left }), ...placeOf(place, name) }),
  };
};

const readProvider = (value: JsonObject, type: string): ProviderTool => {
  const kind = kinds[type.replace(/_\d{4}_\d\d_\d\d$/, '')];
  // A search that must not leave the index of its own vendor has no like elsewhere.
  const alike = value['external_web_access'] === false ? undefined : kind;
  return { type: 'provider', origin: family, ...(alike && { kind: alike }), name: type, value };
};

const readTool = (entry: unknown, path: string, place: Place): Tool[] => {
  const value = wantObject(entry, path);
  const type = wantString(value['type'], `${path}.type`);
  if (type === 'function') return [readFunction(value, path, place)];
  if (type === 'custom') return [readCustom(value, path, place)];
  if (type === 'namespace') {
    const inner = asArray(value['tools']);
    // One that holds other things than functions cannot be taken apart and put together again.
    if (inner.length > 0 && inner.every((each) => ['function', 'custom'].includes(String(asObject(each)?.['type'])))) {
      const namespace = without(value, 'type', 'tools');
      wantString(namespace['name'], `${path}.name`);
      return inner.flatMap((each, at) => readTool(each, `${path}.tools[${at}]`, { ...place, namespace }));
    }
  }
  return [readClientTool(value) ?? readProvider(value, type)];
};

/** The declarations of `tools`. @throws SluiceError `invalid_request` */
export const readTools = (value: unknown, path: string): Tool[] =>
  wantArray(value, path).flatMap((each, at) => readTool(each, `${path}[${at}]`, {}));

/**
 * Tools that an input item declares, for providers that know no such items. The item itself is carried, so this
 * format does not declare them again.
 */
export const readCarriedTools = (value: unknown, path: string, declared: ReadonlySet<string>): Tool[] =>
  asArray(value)
    .flatMap((each, at) => readTool(each, `${path}[${at}]`, { carried: true }))
    .filter((tool) => tool.type !== 'provider' && !declared.has(tool.name));

const writeFunction = (tool: FunctionTool, name: string, native: boolean): JsonObject =>
  compact({
    type: 'function',
    name,
    description: tool.description,
    // This format takes functions as strict unless told otherwise; the others do not.
    parameters: tool.parameters ?? (native ? undefined : { type: 'object', properties: {} }),
    strict: tool.strict ?? (native ? undefined : false),
    ...objectIn(nativeOf(tool), 'tool'),
  });

/** Chat nests the grammar: `{ type, grammar: { syntax, definition } }`. */
const flatFormat = (format: JsonObject | undefined): JsonObject | undefined => {
  const grammar = objectIn(format, 'grammar');
  return grammar ? { ...without(format!, 'grammar'), ...grammar } : format;
};

const writeCustom = (tool: CustomTool, name: string): JsonObject =>
  compact({ type: 'custom', name, description: tool.description, format: flatFormat(tool.format), ...objectIn(nativeOf(tool), 'tool') });

/** What stands in for another family's own tool. */
const writeForeign = (tool: ProviderTool, context: ToWireContext): JsonObject | undefined => {
  const { value } = tool;
  if (tool.kind === 'web-search') {
    const domains = asArray(value['allowed_domains']);
    if (value['blocked_domains'] !== undefined)
      context.drop('web_search.blocked_domains', 'the Responses format can only name allowed domains');
    if (value['max_uses'] !== undefined) context.drop('web_search.max_uses', 'the Responses format has no limit for one tool');
    return compact({
      type: 'web_search',
      user_location: asObject(value['user_location']),
      filters: domains.length > 0 ? { allowed_domains: domains } : undefined,
    });
  }
  if (tool.kind === 'code-execution') return { type: 'code_interpreter', container: { type: 'auto' } };
  if (tool.kind === 'image-generation') return { type: 'image_generation' };
  context.drop(`tools.${tool.name ?? String(value['type'])}`, `only ${tool.origin} models have this tool`);
  return undefined;
};

/** Whether the client declared the tool in the words of this format; clients of OpenAI's other one know them as well. */
const isOwn = (tool: ProviderTool, context: ToWireContext): boolean => tool.origin === family && context.from.startsWith('openai-');

/** The reverse of `readTools`: namespaces are put together again, foreign provider tools are replaced by their like. */
export const writeTools = (tools: readonly Tool[], context: ToWireContext, aliases: ToolAliases): JsonObject[] => {
  const written: JsonObject[] = [];
  let open: { name: unknown; tools: JsonObject[] } | undefined;
  for (const tool of tools) {
    if (tool.type === 'provider') {
      const entry = isOwn(tool, context) ? tool.value : writeForeign(tool, context);
      if (entry) written.push(entry);
      open = undefined;
      continue;
    }
    const native = nativeOf(tool);
    if (native?.['carried'] === true) continue;
    const declared = objectIn(native, 'declared');
    if (declared) {
      written.push(declared);
      open = undefined;
      continue;
    }
    const namespace = objectIn(native, 'namespace');
    const name = asString(native?.['name']) ?? aliases.of(tool.name);
    const entry = tool.type === 'function' ? writeFunction(tool, name, context.from === protocolId) : writeCustom(tool, name);
    if (!namespace) {
      written.push(entry);
      open = undefined;
    } else if (open && open.name === namespace['name']) {
      open.tools.push(entry);
    } else {
      open = { name: namespace['name'], tools: [entry] };
      written.push({ type: 'namespace', ...namespace, tools: open.tools });
    }
  }
  return written;
};
