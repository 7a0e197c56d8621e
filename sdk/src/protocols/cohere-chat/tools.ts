import { table } from '../../lib/table.ts';
import {
  SluiceError,
  type ChatRequest,
  type FunctionTool,
  type JsonObject,
  type Tool,
  type ToolChoice,
  type ToWireContext,
} from '../../types/index.ts';
import { asString, maybe, wantArray, wantObject, wantString } from '../shared/read.ts';
import { parameterName } from '../shared/parameter-name.ts';
import type { ToolAliases } from '../shared/tool-alias.ts';
import { customInput } from '../shared/tool-hints.ts';

/** @param strict all calls are to keep to the schemas, which this format says once for all tools */
export const readTools = (value: unknown, strict: boolean | undefined): Tool[] =>
  wantArray(value, 'tools').map((each, index): FunctionTool => {
    const path = `tools[${index}].function`;
    const declared = wantObject(wantObject(each, `tools[${index}]`)['function'], path);
    const description = asString(declared['description']);
    const parameters = maybe(wantObject, declared['parameters'], `${path}.parameters`);
    return {
      type: 'function',
      name: wantString(declared['name'], `${path}.name`),
      ...(description !== undefined && { description }),
      ...(parameters && { parameters }),
      ...(strict !== undefined && { strict }),
    };
  });

const choices: Readonly<Record<string, ToolChoice>> = table({ REQUIRED: { type: 'required' }, NONE: { type: 'none' } });

/** Not said is `auto`. A word that is not known is the vendor's to judge. */
export const readToolChoice = (value: unknown): ToolChoice | undefined => choices[String(value).toUpperCase()];

/** A custom tool takes free text; a function with one text argument is the nearest thing. */
const inputSchema: JsonObject = {
  type: 'object',
  properties: { [customInput]: { type: 'string', description: 'The input of the tool, as free text.' } },
  required: [customInput],
};

const noParameters: JsonObject = { type: 'object', properties: {} };

export interface WrittenTools {
  members: { tools?: JsonObject[]; tool_choice?: string; strict_tools?: boolean };
  /** Tools that take free text, by the client's names. */
  custom: string[];
}

/** Cohere can be made to call some tool or none; one certain tool is had by offering no other. */
export const writeTools = (request: ChatRequest, aliases: ToolAliases, context: ToWireContext): WrittenTools => {
  const { tools = [] } = request;
  const ofProvider = request.toolChoice?.type === 'tool' && request.toolChoice.kind === 'provider';
  if (ofProvider) context.lacks(parameterName('toolChoice', context.from), 'Cohere has no tools of its own to choose');
  const choice = ofProvider ? undefined : request.toolChoice;
  if (request.parallelToolCalls === false && tools.length > 0)
    context.lacks(parameterName('parallelToolCalls', context.from), 'Cohere may always make several calls at once');
  const offered = tools.filter(
    ({ name }) =>
      (choice?.type !== 'tool' || name === choice.name) &&
      (choice?.type !== 'allowed' || (name !== undefined && choice.names.includes(name))),
  );
  // Whoever names a tool that is not declared gets a refusal from every other vendor, and would get an answer without tools here.
  if (choice?.type === 'tool' && tools.length > 0 && offered.length === 0)
    throw new SluiceError('invalid_request', `The tool '${choice.name}' is to be called, but it is not declared.`, {
      param: parameterName('toolChoice', context.from),
    });
  const custom: string[] = [];
  const written = offered.flatMap((tool, index): JsonObject[] => {
    if (tool.type === 'provider') {
      context.lacks(`tools[${index}]`, `Cohere has nothing like '${String(tool.value['type'] ?? tool.name ?? tool.kind)}'`);
      return [];
    }
    const name = aliases.of(tool.name);
    if (tool.type === 'custom') {
      custom.push(tool.name);
      if (tool.format && tool.format['type'] !== 'text')
        context.drop(`tools[${index}].format`, 'Cohere cannot hold the input of a tool to a grammar');
    }
    const parameters = tool.type === 'custom' ? inputSchema : (tool.parameters ?? noParameters);
    return [{ type: 'function', function: { name, ...(tool.description !== undefined && { description: tool.description }), parameters } }];
  });
  const forced = choice?.type === 'required' || choice?.type === 'tool' || (choice?.type === 'allowed' && choice.required);
  const word = forced ? 'REQUIRED' : choice?.type === 'none' ? 'NONE' : undefined;
  // Cohere refuses a choice among nothing; its own clients are told so by itself.
  if (written.length === 0) return { members: word && context.from === 'cohere-chat' ? { tool_choice: word } : {}, custom };
  const strict = strictOf(offered, context);
  return { members: { tools: written, ...(word && { tool_choice: word }), ...(strict !== undefined && { strict_tools: strict }) }, custom };
};

/** Strictness is one switch for all tools, so it is turned on where all of them want it. */
const strictOf = (tools: readonly Tool[], context: ToWireContext): boolean | undefined => {
  const said = tools.map((tool) => (tool.type === 'function' ? tool.strict : undefined));
  if (said.every((strict) => strict === true)) return true;
  if (said.includes(true)) context.drop('strict', 'Cohere holds all tools to their schemas or none, and not all of these are strict');
  // OpenAI's clients say `false` for what is Cohere's default.
  return said.every((strict) => strict === false) && context.from === 'cohere-chat' ? false : undefined;
};
