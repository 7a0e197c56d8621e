import { table } from '../../lib/table.ts';
import {
  SluiceError,
  type ChatRequest,
  type JsonObject,
  type PathFacts,
  type Reasoning,
  type ReasoningEffort,
  type ResponseFormat,
} from '../../types/index.ts';
import {
  asNumber,
  asObject,
  asString,
  compact,
  isObject,
  maybe,
  parseObject,
  wantArray,
  wantNumber,
  wantObject,
  wantString,
} from '../shared/read.ts';
import { keep } from './common.ts';
import { familyOf } from './family.ts';
import { readMessages, readSystem } from './messages-from-wire.ts';
import { readToolConfig } from './tools-from-wire.ts';

/** Members that only Bedrock can take; they go back to it as they came, and to nobody else. */
const ownMembers = [
  'additionalModelRequestFields',
  'additionalModelResponseFieldPaths',
  'guardrailConfig',
  'outputConfig',
  'performanceConfig',
  'promptVariables',
  'requestMetadata',
  'serviceTier',
] as const;

const modes: Readonly<Record<string, Reasoning['mode']>> = table({ enabled: 'enabled', disabled: 'disabled', adaptive: 'adaptive' });

const efforts = new Set(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']);
const effortOf = (value: unknown): ReasoningEffort | undefined => (efforts.has(String(value)) ? (value as ReasoningEffort) : undefined);

/** How the vendors on Bedrock have thinking asked for: Claude, Nova 2, gpt-oss, Qwen (`writeReasoning` is the reverse). */
const readReasoning = (fields: JsonObject, outputConfig: JsonObject | undefined): Reasoning | undefined => {
  const thinking = asObject(fields['thinking']) ?? asObject(fields['reasoning_config']) ?? asObject(fields['reasoningConfig']);
  const reasoning: Reasoning = compact({
    mode: modes[String(thinking?.['type'])],
    effort:
      effortOf(outputConfig?.['effort']) ??
      effortOf(asObject(fields['output_config'])?.['effort']) ??
      effortOf(thinking?.['maxReasoningEffort']) ??
      effortOf(fields['reasoning_effort']) ??
      effortOf(fields['reasoning_config']),
    budgetTokens: asNumber(thinking?.['budget_tokens']),
    summary:
      thinking?.['display'] === 'omitted' ? ('none' as const) : thinking?.['display'] === 'summarized' ? ('auto' as const) : undefined,
  });
  return Object.keys(reasoning).length === 0 ? undefined : reasoning;
};

const readFormat = (outputConfig: JsonObject | undefined): ResponseFormat | undefined => {
  const definition = asObject(asObject(asObject(outputConfig?.['textFormat'])?.['structure'])?.['jsonSchema']);
  const schema = parseObject(asString(definition?.['schema']) ?? '');
  if (!definition || !schema) return undefined;
  return compact({
    type: 'json-schema' as const,
    name: asString(definition['name']),
    description: asString(definition['description']),
    schema,
  });
};

/**
 * A Converse or ConverseStream request, or what CountTokens wraps around one, in the neutral model. Model and streaming
 * stand in the path. Bedrock's own members are read where the neutral model has words for them, and kept word for word.
 * @throws SluiceError `invalid_request`, naming the member
 */
export const fromWire = (body: JsonObject, path?: PathFacts): ChatRequest => {
  const counted = asObject(asObject(body['input'])?.['converse']);
  if (counted) return fromWire(counted, path ?? { model: asString(body['modelId']) ?? '' });

  const { modelId, messages, system, inferenceConfig, toolConfig, ...more } = body;
  const model = path?.model ?? maybe(wantString, modelId, 'modelId');
  if (model === undefined) throw new SluiceError('invalid_request', "The model's name is missing in the path.", { param: 'modelId' });
  const own: JsonObject = {};
  for (const name of ownMembers) {
    if (more[name] !== undefined && more[name] !== null) own[name] = more[name];
    delete more[name];
  }
  const fields = asObject(own['additionalModelRequestFields']) ?? {};
  const outputConfig = asObject(own['outputConfig']);
  const config = maybe(wantObject, inferenceConfig, 'inferenceConfig') ?? {};
  const { maxTokens, temperature, topP, stopSequences } = config;
  return compact<ChatRequest>({
    model,
    // A prompt that Bedrock keeps brings its own messages.
    messages: [
      ...readSystem(system),
      ...readMessages(messages ?? (own['promptVariables'] === undefined ? undefined : []), familyOf(model)),
    ],
    ...readToolConfig(toolConfig),
    maxOutputTokens: maybe(wantNumber, maxTokens, 'inferenceConfig.maxTokens'),
    temperature: maybe(wantNumber, temperature, 'inferenceConfig.temperature'),
    topP: maybe(wantNumber, topP, 'inferenceConfig.topP'),
    topK: asNumber(fields['top_k']) ?? asNumber(asObject(fields['inferenceConfig'])?.['topK']),
    stop: maybe(wantArray, stopSequences, 'inferenceConfig.stopSequences')?.map((each, index) =>
      wantString(each, `inferenceConfig.stopSequences.${index}`),
    ),
    reasoning: readReasoning(fields, outputConfig),
    responseFormat: readFormat(outputConfig),
    serviceTier: asString(asObject(own['serviceTier'])?.['type']),
    metadata: isObject(own['requestMetadata']) ? own['requestMetadata'] : undefined,
    stream: path?.stream ?? false,
    // This format always sends it.
    includeUsage: true,
    unknown: more,
    ...keep(own),
  });
};
