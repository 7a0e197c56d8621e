import type { ChatRequest, JsonObject, Tool, ToWireContext } from '../../types/index.ts';
import { asString, maybe, wantArray, wantObject, wantString } from '../shared/read.ts';
import { parameterName } from '../shared/parameter-name.ts';

export const readTools = (value: unknown): Tool[] =>
  wantArray(value, 'tools').map((each, index): Tool => {
    const path = `tools[${index}].function`;
    const declared = wantObject(wantObject(each, `tools[${index}]`)['function'], path);
    const description = asString(declared['description']);
    const parameters = maybe(wantObject, declared['parameters'], `${path}.parameters`);
    return {
      type: 'function',
      name: wantString(declared['name'], `${path}.name`),
      ...(description !== undefined && { description }),
      ...(parameters && { parameters }),
    };
  });

/** A custom tool takes free text; a function with one text argument is the nearest thing. */
const inputSchema: JsonObject = {
  type: 'object',
  properties: { input: { type: 'string', description: 'The input of the tool, as free text.' } },
  required: ['input'],
};

/**
 * Ollama has no tool choice. What can be had by offering fewer tools is (none, a list to choose from freely); what
 * needs the model to be made to call is refused.
 */
export const writeTools = (request: ChatRequest, context: ToWireContext): { tools?: JsonObject[]; custom: string[] } => {
  const { toolChoice: choice, tools = [] } = request;
  const custom: string[] = [];
  if (choice?.type === 'none') return { custom };
  const forced = choice?.type === 'required' || choice?.type === 'tool' || (choice?.type === 'allowed' && choice.required);
  if (forced) context.lacks(parameterName('toolChoice', context.from), 'Ollama cannot be made to call a tool');
  if (request.parallelToolCalls === false && tools.length > 0) {
    context.lacks(parameterName('parallelToolCalls', context.from), 'Ollama may always make several calls at once');
  }

  const offered = choice?.type === 'allowed' ? tools.filter((tool) => tool.name !== undefined && choice.names.includes(tool.name)) : tools;
  const written = offered.flatMap((tool, index): JsonObject[] => {
    if (tool.type === 'provider') {
      context.lacks(`tools[${index}]`, `Ollama has nothing like '${String(tool.value['type'] ?? tool.name ?? tool.kind)}'`);
      return [];
    }
    if (tool.type === 'custom') {
      custom.push(tool.name);
      if (tool.format && tool.format['type'] !== 'text')
        context.drop(`tools[${index}].format`, 'Ollama cannot hold the input of a tool to a grammar');
    }
    if (tool.type === 'function' && tool.strict) context.drop('strict', 'Ollama makes no promise that arguments keep to the schema');
    const parameters = tool.type === 'custom' ? inputSchema : (tool.parameters ?? { type: 'object', properties: {} });
    return [{ type: 'function', function: { name: tool.name, description: tool.description ?? '', parameters } }];
  });
  return { ...(written.length > 0 && { tools: written }), custom };
};
