import { table } from '../../lib/table.ts';
import type { FunctionTool, JsonObject, ProviderTool, Tool, ToolChoice } from '../../types/index.ts';
import { asObject, asString, wantArray, wantObject, wantString } from '../shared/read.ts';
import { camelKeys } from './names.ts';
import { fromOpenApiSchema } from './schema-from.ts';

/** What Google runs itself, in the neutral words. */
const kinds: Readonly<Record<string, ProviderTool['kind']>> = table({
  googleSearch: 'web-search',
  googleSearchRetrieval: 'web-search',
  enterpriseWebSearch: 'web-search',
  urlContext: 'url-context',
  codeExecution: 'code-execution',
  fileSearch: 'file-search',
  retrieval: 'file-search',
  computerUse: 'computer-use',
});

/** `tools` -> one neutral tool for each function and each tool of Google's own. */
export const readTools = (value: unknown): Tool[] => {
  const list = Array.isArray(value) ? value : [value];
  return list.flatMap((each, index) =>
    Object.entries(camelKeys(wantObject(each, `tools[${index}]`))).flatMap(([name, declaration]): Tool[] => {
      if (name !== 'functionDeclarations') return [providerTool(name, declaration)];
      const path = `tools[${index}].functionDeclarations`;
      return wantArray(declaration, path).map((one, at) => readFunction(wantObject(one, `${path}[${at}]`), `${path}[${at}]`));
    }),
  );
};

const providerTool = (name: string, declaration: unknown): ProviderTool => {
  const kind = kinds[name];
  return { type: 'provider', origin: 'google', name, value: { [name]: declaration }, ...(kind && { kind }) };
};

const readFunction = (value: JsonObject, path: string): FunctionTool => {
  const { name, description, parameters, parametersJsonSchema, ...rest } = camelKeys(value);
  const openApi = asObject(parameters);
  const jsonSchema = asObject(parametersJsonSchema);
  const schema = jsonSchema ?? (openApi && fromOpenApiSchema(openApi));
  const own: JsonObject = { ...rest, ...(jsonSchema ? { parametersJsonSchema: jsonSchema } : openApi && { parameters: openApi }) };
  const words = asString(description);
  return {
    type: 'function',
    name: wantString(name, `${path}.name`),
    ...(words !== undefined && { description: words }),
    ...(schema && { parameters: schema }),
    ...(Object.keys(own).length > 0 && { extra: { gemini: own } }),
  };
};

/** `toolConfig` -> the choice, and what only this format has. */
export const readToolConfig = (value: unknown): { choice?: ToolChoice; rest: JsonObject } => {
  const config = asObject(value);
  if (!config) return { rest: {} };
  const { functionCallingConfig, ...others } = camelKeys(config);
  const rest: JsonObject = Object.keys(others).length > 0 ? { toolConfig: others } : {};
  const calling = asObject(functionCallingConfig);
  if (!calling) return { rest };

  const { mode, allowedFunctionNames, ...more } = camelKeys(calling);
  const word = asString(mode)?.toUpperCase();
  const names = Array.isArray(allowedFunctionNames) ? allowedFunctionNames.filter((name) => typeof name === 'string') : [];
  // VALIDATED holds the arguments to the schema, which is a promise that others make in other places.
  if (Object.keys(more).length > 0 || word === 'VALIDATED')
    rest['functionCallingConfig'] = { ...(word === 'VALIDATED' && { mode: word }), ...more };
  const choice = readMode(word, names);
  return { rest, ...(choice && { choice }) };
};

const readMode = (mode: string | undefined, names: string[]): ToolChoice | undefined => {
  if (mode === 'NONE') return { type: 'none' };
  if (mode === 'ANY') {
    if (names.length === 0) return { type: 'required' };
    return names.length === 1 ? { type: 'tool', name: names[0]! } : { type: 'allowed', names, required: true };
  }
  if (names.length > 0) return { type: 'allowed', names, required: false };
  return mode === 'AUTO' || mode === 'VALIDATED' ? { type: 'auto' } : undefined;
};
