import { table } from '../../lib/table.ts';
import type { ChatRequest, JsonObject, ProviderTool, Tool, ToolChoice } from '../../types/index.ts';
import { asObject, isObject, maybe, wantArray, wantObject, wantString } from '../shared/read.ts';
import { readCachePoint } from './common.ts';

/** Nova's own tools (https://docs.aws.amazon.com/nova/latest/nova2-userguide/system-tools.html, read 2026-11-22). */
export const systemTools: Readonly<Record<string, NonNullable<ProviderTool['kind']>>> = table({
  nova_grounding: 'web-search',
  nova_code_interpreter: 'code-execution',
});

/** Whose tools they are. */
export const nova = 'amazon';

const readTool = (value: JsonObject, path: string): Tool => {
  const spec = value['toolSpec'];
  if (!isObject(spec)) {
    const name = asObject(value['systemTool'])?.['name'];
    const kind = systemTools[String(name)];
    return { type: 'provider', origin: nova, ...(kind && { kind }), ...(typeof name === 'string' && { name }), value };
  }
  const { name, description, inputSchema, strict } = spec;
  const schema = asObject(asObject(inputSchema)?.['json']);
  return {
    type: 'function',
    name: wantString(name, `${path}.toolSpec.name`),
    ...(typeof description === 'string' && { description }),
    ...(schema && { parameters: schema }),
    ...(typeof strict === 'boolean' && { strict }),
  };
};

const choices: Readonly<Record<string, (value: JsonObject) => ToolChoice>> = table({
  auto: () => ({ type: 'auto' }),
  any: () => ({ type: 'required' }),
  tool: ({ name }) => ({ type: 'tool', name: wantString(name, 'toolConfig.toolChoice.tool.name') }),
});

/** `toolConfig`: the tools, with the cache points among them, and the choice. */
export const readToolConfig = (value: unknown): Pick<ChatRequest, 'tools' | 'toolChoice'> => {
  const config = maybe(wantObject, value, 'toolConfig');
  if (!config) return {};
  const tools: Tool[] = [];
  maybe(wantArray, config['tools'], 'toolConfig.tools')?.forEach((each, index) => {
    const path = `toolConfig.tools.${index}`;
    const tool = wantObject(each, path);
    const before = tools.at(-1);
    // A point without a tool before it caches nothing.
    if (!isObject(tool['cachePoint'])) tools.push(readTool(tool, path));
    else if (before) before.cacheControl = readCachePoint(tool['cachePoint']);
  });
  const [name, chosen] = Object.entries(asObject(config['toolChoice']) ?? {}).find(([, given]) => isObject(given)) ?? [];
  const toolChoice = name === undefined ? undefined : choices[name]?.(chosen as JsonObject);
  return { ...(tools.length > 0 && { tools }), ...(toolChoice && { toolChoice }) };
};
