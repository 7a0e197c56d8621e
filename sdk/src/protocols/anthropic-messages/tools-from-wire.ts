import { table } from '../../lib/table.ts';
import type { ChatRequest, JsonObject, ProviderTool, Tool, ToolChoice } from '../../types/index.ts';
import { asObject, isObject, maybe, wantArray, wantObject, wantString } from '../shared/read.ts';
import { readClientTool } from './client-tools.ts';
import { cacheMark, keep, origin } from './common.ts';

/** What Anthropic's own tools are in the neutral vocabulary, by the start of their dated type. */
const kinds: readonly (readonly [prefix: string, kind: NonNullable<ProviderTool['kind']>])[] = [
  ['web_search_', 'web-search'],
  ['web_fetch_', 'url-context'],
  ['code_execution_', 'code-execution'],
];

export const readTools = (tools: unknown): Tool[] | undefined =>
  maybe(wantArray, tools, 'tools')?.map((tool, index) => readTool(wantObject(tool, `tools.${index}`), `tools.${index}`));

const readTool = (tool: JsonObject, path: string): Tool => {
  const type = maybe(wantString, tool['type'], `${path}.type`);
  if (type !== undefined && type !== 'custom') {
    const clients = readClientTool(tool);
    if (clients) return clients;
    const kind = kinds.find(([prefix]) => type.startsWith(prefix))?.[1];
    return {
      type: 'provider',
      origin,
      ...(kind && { kind }),
      ...(typeof tool['name'] === 'string' && { name: tool['name'] }),
      value: tool,
    };
  }
  const { name, description, input_schema, strict, cache_control, ...more } = tool;
  return {
    type: 'function',
    name: wantString(name, `${path}.name`),
    ...(typeof description === 'string' && { description }),
    ...(isObject(input_schema) && { parameters: input_schema }),
    ...(typeof strict === 'boolean' && { strict }),
    ...cacheMark(cache_control),
    ...keep(input_schema === undefined || isObject(input_schema) ? more : { ...more, input_schema }),
  };
};

const choices: Readonly<Record<string, (choice: JsonObject) => ToolChoice>> = table({
  auto: () => ({ type: 'auto' }),
  any: () => ({ type: 'required' }),
  none: () => ({ type: 'none' }),
  tool: ({ name }) => ({ type: 'tool', name: wantString(name, 'tool_choice.name') }),
});

/** `{}` is what some clients send for "nothing chosen" (FP-89). */
export const readToolChoice = (value: unknown): Pick<ChatRequest, 'toolChoice' | 'parallelToolCalls'> => {
  const choice = asObject(value);
  if (!choice) return {};
  const toolChoice = choices[String(choice['type'])]?.(choice);
  const disable = choice['disable_parallel_tool_use'];
  return { ...(toolChoice && { toolChoice }), ...(typeof disable === 'boolean' && { parallelToolCalls: !disable }) };
};
