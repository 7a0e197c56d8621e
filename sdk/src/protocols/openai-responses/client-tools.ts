import { table } from '../../lib/table.ts';
import type { FunctionTool, JsonObject, ToolCallPart, ToolResultPart } from '../../types/index.ts';
import { asArray, asNumber, asObject, asObjects, asString, compact, parseObject } from '../shared/read.ts';
import { unsealCallId } from '../shared/seal.ts';
import { asNative, nativeOf } from './native.ts';

/*
 * Tools that OpenAI defines and the client runs: each has an item of its own for its call and for its result. To a model
 * of another vendor they are functions with the same arguments, and its calls come back as those items, so that an agent
 * (Codex) notices no difference. Shapes from the specification (https://github.com/openai/openai-openapi, 2026-08-21)
 * and https://platform.openai.com/docs/guides/tools-shell, .../tools-apply-patch, .../tools-local-shell (2026-11-22).
 */

interface ClientTool {
  call: string;
  output: string;
  idPrefix: string;
  description: string;
  parameters: JsonObject;
  /** Whether this declaration is run by the client: some may be hosted as well. */
  isClients(declaration: JsonObject): boolean;
  /** The function's arguments in a call's item, and the reverse. */
  argumentsOf(item: JsonObject): JsonObject;
  itemOf(args: JsonObject): JsonObject;
  /** What the model is told of a result. */
  resultOf(item: JsonObject): { text: string; isError?: boolean };
}

const strings = (value: unknown): string[] => asArray(value).filter((each) => typeof each === 'string');
const text = (description: string): JsonObject => ({ type: 'string', description });
const number = (description: string): JsonObject => ({ type: 'integer', description });
const list = (description: string): JsonObject => ({ type: 'array', items: { type: 'string' }, description });
const always = () => true;

/** One command as text, for a shell. */
const commandLine = (value: unknown): string[] => (typeof value === 'string' ? ['bash', '-lc', value] : strings(value));

const tools: Readonly<Record<string, ClientTool>> = table({
  local_shell: {
    call: 'local_shell_call',
    output: 'local_shell_call_output',
    idPrefix: 'lsh_',
    description: 'Runs a command on the machine of the user and gives its output.',
    parameters: {
      type: 'object',
      properties: {
        command: list('The program and its arguments, one an entry: ["bash", "-lc", "ls"].'),
        working_directory: text('Where to run it.'),
        timeout_ms: number('After how many milliseconds it is ended.'),
        env: { type: 'object', additionalProperties: { type: 'string' }, description: 'Environment variables.' },
      },
      required: ['command'],
    },
    isClients: always,
    argumentsOf({ action }) {
      const { type: _type, ...args } = asObject(action) ?? {};
      return args;
    },
    itemOf: ({ command, env, working_directory, timeout_ms, user }) => ({
      action: compact({
        type: 'exec',
        command: commandLine(command),
        env: asObject(env) ?? {},
        working_directory: asString(working_directory),
        timeout_ms: asNumber(timeout_ms),
        user: asString(user),
      }),
    }),
    resultOf: ({ output }) => ({ text: asString(output) ?? '' }),
  },
  shell: {
    call: 'shell_call',
    output: 'shell_call_output',
    idPrefix: 'sh_',
    description: 'Runs shell commands on the machine of the user, and gives what each wrote and how it ended.',
    parameters: {
      type: 'object',
      properties: {
        commands: list('The commands, as one would type them.'),
        timeout_ms: number('After how many milliseconds they are ended.'),
        max_output_length: number('How many characters of their output to give at most.'),
      },
      required: ['commands'],
    },
    isClients: ({ environment }) => [undefined, 'local'].includes(asString(asObject(environment)?.['type'])),
    argumentsOf: ({ action }) => compact({ ...asObject(action) }),
    itemOf: ({ commands, timeout_ms, max_output_length }) => ({
      action: {
        commands: typeof commands === 'string' ? [commands] : strings(commands),
        timeout_ms: asNumber(timeout_ms) ?? null,
        max_output_length: asNumber(max_output_length) ?? null,
      },
      environment: { type: 'local' },
    }),
    resultOf: ({ output }) => ({ text: JSON.stringify(output ?? []) }),
  },
  apply_patch: {
    call: 'apply_patch_call',
    output: 'apply_patch_call_output',
    idPrefix: 'apc_',
    description: 'Creates, changes or deletes one file.',
    parameters: {
      type: 'object',
      properties: {
        type: { type: 'string', enum: ['create_file', 'update_file', 'delete_file'] },
        path: text('The file, relative to the workspace.'),
        diff: text(
          'The change in the V4A diff format: context lines begin with a space, removed ones with -, added ones with +, sections with @@. Every line of a new file begins with +. Not for delete_file.',
        ),
      },
      required: ['type', 'path'],
    },
    isClients: always,
    argumentsOf: ({ operation }) => asObject(operation) ?? {},
    itemOf: ({ type, path, diff }) => ({
      operation: compact({
        type: asString(type) ?? 'update_file',
        path: asString(path) ?? '',
        diff: type === 'delete_file' ? undefined : (asString(diff) ?? ''),
      }),
    }),
    resultOf: ({ output, status }) => ({
      text: asString(output) ?? asString(status) ?? '',
      ...(status === 'failed' && { isError: true }),
    }),
  },
  tool_search: {
    call: 'tool_search_call',
    output: 'tool_search_output',
    idPrefix: 'tsc_',
    description: 'Finds tools that are not declared yet. Those that it finds can be called afterwards.',
    parameters: { type: 'object', properties: { query: text('What the tool is to do.') }, required: ['query'] },
    isClients: ({ execution }) => execution === 'client',
    argumentsOf: ({ arguments: args }) => asObject(args) ?? {},
    itemOf: (args) => ({ execution: 'client', arguments: args }),
    resultOf: ({ tools: found }) => {
      const names = asObjects(found).map(({ name, type }) => asString(name) ?? String(type));
      return { text: names.length === 0 ? 'No tool was found.' : `These tools can be called now: ${names.join(', ')}` };
    },
  },
});

const byCall = new Map(Object.entries(tools).map(([name, tool]) => [tool.call, name]));
const byOutput = new Map(Object.entries(tools).map(([name, tool]) => [tool.output, name]));

export const isClientTool = (name: string): boolean => Object.hasOwn(tools, name);

/** A declaration as a function; undefined where the provider would run it. */
export const readClientTool = (declaration: JsonObject): FunctionTool | undefined => {
  const name = String(declaration['type']);
  const tool = isClientTool(name) ? tools[name]! : undefined;
  if (!tool?.isClients(declaration)) return undefined;
  const description = asString(declaration['description']) ?? tool.description;
  const parameters = asObject(declaration['parameters']) ?? tool.parameters;
  return { type: 'function', name, description, parameters, ...asNative({ declared: declaration, runs: name }) };
};

/** The kind of client tool that a neutral tool stands for. */
export const clientToolOf = (tool: Parameters<typeof nativeOf>[0]): string | undefined => asString(nativeOf(tool)?.['runs']);

/** An item of the input that calls a client's tool; undefined for any other, also where the provider ran it. */
export const readClientCall = (item: JsonObject): ToolCallPart | undefined => {
  const name = byCall.get(String(item['type']));
  const callId = asString(item['call_id']) ?? '';
  if (name === undefined || callId === '' || !isByClient(item)) return undefined;
  return {
    type: 'tool-call',
    kind: 'function',
    ...unsealCallId(callId),
    name,
    arguments: JSON.stringify(tools[name]!.argumentsOf(item)),
    ...asNative({ whole: item }),
  };
};

/** The result of such a call. */
export const readClientOutput = (item: JsonObject): ToolResultPart | undefined => {
  const name = byOutput.get(String(item['type']));
  // The first form of `local_shell_call_output` names its call by `id`.
  const callId = asString(item['call_id']) ?? (name === 'local_shell' ? asString(item['id']) : undefined) ?? '';
  if (name === undefined || callId === '' || !isByClient(item)) return undefined;
  const { text: said, isError } = tools[name]!.resultOf(item);
  return {
    type: 'tool-result',
    callId: unsealCallId(callId).id,
    name,
    kind: 'function',
    content: said === '' ? [] : [{ type: 'text', text: said }],
    ...(isError !== undefined && { isError }),
    ...asNative({ whole: item }),
  };
};

/** OpenAI runs searches of its own under the same names, and shells in containers. */
const isByClient = ({ type, execution, environment }: JsonObject): boolean => {
  if (String(type).startsWith('tool_search')) return execution === 'client';
  return [undefined, 'local'].includes(asString(asObject(environment)?.['type']));
};

/** A model's call of the function that stands for a client's tool, as the item that the client knows. */
export const clientCallItem = (name: string, callId: string, args: string, newId: (prefix: string) => string): JsonObject => {
  const { call, idPrefix, itemOf } = tools[name]!;
  return { type: call, id: newId(idPrefix), call_id: callId, ...itemOf(parseObject(args) ?? {}), status: 'completed' };
};
