import { SluiceError, type ChatRequest, type JsonObject, type PathFacts, type ToWireContext, type WireRequest } from '../../types/index.ts';
import { asObject, asString, maybe, wantBoolean, wantString } from '../shared/read.ts';
import { noteCacheMarks } from '../shared/cache-marks.ts';
import { noteForeignMembers } from '../shared/foreign-members.ts';
import { parameterName } from '../shared/parameter-name.ts';
import { createToolAliases } from '../shared/tool-alias.ts';
import { readConfig } from './config-from.ts';
import { writeConfig } from './config-to.ts';
import { readContents, readSystem } from './contents-from.ts';
import { writeContents } from './contents-to.ts';
import { camelKeys, configMembers, modelName, ownMembers, requestMembers, splitKnown } from './names.ts';
import { thinksByLevel } from './reasoning.ts';
import { readServiceTier, writeServiceTier } from './service-tier.ts';
import { readToolConfig, readTools } from './tools-from.ts';
import { writeToolConfig, writeTools } from './tools-to.ts';

/**
 * A `GenerateContentRequest`, or a `CountTokensRequest` that wraps one. The model and whether it streams stand in the path.
 * @throws SluiceError `invalid_request`, naming the member
 */
export const fromWire = (body: JsonObject, path?: PathFacts): ChatRequest => {
  const wrapped = asObject(camelKeys(body)['generateContentRequest']);
  if (wrapped) return fromWire(wrapped, path);

  const { known, unknown } = splitKnown(body, requestMembers);
  const model = path?.model ?? maybe(wantString, known['model'], 'model');
  if (model === undefined) throw new SluiceError('invalid_request', "The model's name is missing in the path.", { param: 'model' });
  if (known['contents'] === undefined) throw new SluiceError('invalid_request', "'contents' is missing.", { param: 'contents' });

  const { fields, rest } = readConfig(known['generationConfig']);
  const { choice, rest: toolRest } = readToolConfig(known['toolConfig']);
  const tools = known['tools'] === undefined ? [] : readTools(known['tools']);
  const store = maybe(wantBoolean, known['store'], 'store');
  const tier = readServiceTier(asString(known['serviceTier']));
  const extra: JsonObject = { ...toolRest, ...(Object.keys(rest).length > 0 && { generationConfig: rest }) };
  for (const name of ownMembers) if (known[name] !== undefined) extra[name] = known[name];

  return {
    model: modelName(model),
    messages: [...readSystem(known['systemInstruction']), ...readContents(known['contents'])],
    ...fields,
    ...(tools.length > 0 && { tools }),
    ...(choice && { toolChoice: choice }),
    ...(store !== undefined && { store }),
    ...(tier !== undefined && { serviceTier: tier }),
    stream: path?.stream ?? false,
    includeUsage: true,
    unknown,
    ...(Object.keys(extra).length > 0 && { extra: { gemini: extra } }),
  };
};

/** @throws SluiceError `unsupported_parameter`; `invalid_request` for a schema or a tool result that Gemini cannot take */
export const toWire = (request: ChatRequest, context: ToWireContext): WireRequest => {
  noteForeignMembers(request, 'gemini', context);
  const aliases = createToolAliases(64, /[a-zA-Z0-9_.:-]/);
  const { systemInstruction, contents } = writeContents(request.messages, { context, aliases, third: thinksByLevel(context) });
  const written = writeTools(request, context, aliases);
  const own = request.extra?.['gemini'] ?? {};
  noteLost(request, context);

  const body: JsonObject = { contents };
  const members: JsonObject = {
    systemInstruction,
    tools: written.tools,
    toolConfig: writeToolConfig(request, written, aliases, context),
    generationConfig: writeConfig(request, context),
    serviceTier: writeServiceTier(request.serviceTier, context),
    store: request.store,
  };
  for (const name of ownMembers) members[name] = own[name];
  for (const name in members) if (members[name] !== undefined) body[name] = members[name];
  addUnknown(body, request.unknown);
  applyQuirks(body, context);

  const hints = {
    ...(aliases.names && { toolNames: aliases.names }),
    ...(written.custom.length > 0 && { customTools: written.custom }),
  };
  return { body, ...(Object.keys(hints).length > 0 && { hints }) };
};

/** Members that a client of another format gave beside its own: those of `generationConfig` go there, in Google's spelling. */
const addUnknown = (body: JsonObject, unknown: JsonObject): void => {
  const config = splitKnown(unknown, configMembers);
  const top = splitKnown(config.unknown, requestMembers);
  const given = asObject(top.known['generationConfig']);
  if (given || Object.keys(config.known).length > 0) {
    body['generationConfig'] = { ...asObject(body['generationConfig']), ...config.known, ...(given && camelKeys(given)) };
  }
  const toolConfig = asObject(top.known['toolConfig']);
  if (toolConfig) body['toolConfig'] = { ...asObject(body['toolConfig']), ...camelKeys(toolConfig) };
  for (const name of ownMembers) if (top.known[name] !== undefined) body[name] = top.known[name];
  Object.assign(body, top.unknown);
};

const applyQuirks = (body: JsonObject, context: ToWireContext): void => {
  for (const name of context.quirks.lacks ?? []) {
    if (body[name] === undefined) continue;
    delete body[name];
    context.lacks(name);
  }
  for (const [name, theirs] of Object.entries(context.quirks.rename ?? {})) {
    if (body[name] === undefined) continue;
    body[theirs] = body[name];
    delete body[name];
  }
};

/** What Gemini has no place for: refused where the answer would differ, else recorded. */
const noteLost = (request: ChatRequest, context: ToWireContext): void => {
  const { from } = context;
  if (request.logitBias && Object.keys(request.logitBias).length > 0) context.lacks(parameterName('logitBias', from));
  if (request.verbosity !== undefined && request.verbosity !== 'medium') context.lacks(parameterName('verbosity', from));
  if (request.prediction) context.drop(parameterName('prediction', from), 'Gemini takes no predicted output; it only makes answers faster');
  if (request.user !== undefined) context.drop(parameterName('user', from), 'Gemini takes no end user');
  if (request.metadata && Object.keys(request.metadata).length > 0)
    context.drop(parameterName('metadata', from), 'Gemini keeps no metadata');
  if (request.promptCacheKey !== undefined) context.drop(parameterName('promptCacheKey', from), 'Gemini caches prompts by itself');
  noteCacheMarks(request, context, 'Gemini caches prompts by itself');
};
