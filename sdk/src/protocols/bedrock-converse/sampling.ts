import { table } from '../../lib/table.ts';
import type { ChatRequest, JsonObject } from '../../types/index.ts';
import { writeClaudeSampling } from '../shared/claude-sampling.ts';
import { isClaude } from './family.ts';
import type { ReasoningPlan } from './reasoning.ts';
import type { Writing } from './writing.ts';

export interface Sampling {
  /** Members of `inferenceConfig`. */
  config: JsonObject;
  /** Members of `additionalModelRequestFields`. */
  fields: JsonObject;
}

/** Where a vendor has `top_k`, for which the format itself has no place. */
const topKOf: Readonly<Record<string, (topK: number) => JsonObject>> = table({
  anthropic: (topK) => ({ top_k: topK }),
  // https://docs.aws.amazon.com/nova/latest/nova2-userguide/request-response-schema.html, read 2026-11-22
  amazon: (topK) => ({ inferenceConfig: { topK } }),
  mistral: (topK) => ({ top_k: topK }),
  cohere: (topK) => ({ k: topK }),
});

export const writeSampling = (request: ChatRequest, { thinking, unbounded }: ReasoningPlan, writing: Writing): Sampling => {
  if (writing.own) {
    const { temperature, topP } = request;
    return { config: { ...(temperature !== undefined && { temperature }), ...(topP !== undefined && { topP }) }, fields: {} };
  }
  if (isClaude(writing.family)) {
    const { temperature, top_p, top_k } = writeClaudeSampling(request, thinking, writing);
    return {
      config: { ...(temperature !== undefined && { temperature }), ...(top_p !== undefined && { topP: top_p }) },
      fields: top_k === undefined ? {} : { top_k },
    };
  }
  const fixed = writing.context.traits.fixedSampling
    ? 'this model takes no sampling parameters'
    : unbounded
      ? 'Nova does not take it beside its highest effort'
      : undefined;
  return { config: writeRange(request, fixed, writing), fields: writeTopK(request, fixed, writing) };
};

/** Both are 0 to 1 in Bedrock's model of the service. 1 of a model that takes none is what it does anyway. */
const writeRange = (request: ChatRequest, fixed: string | undefined, writing: Writing): JsonObject => {
  const config: JsonObject = {};
  for (const name of ['temperature', 'topP'] as const) {
    const value = request[name];
    if (value === undefined || (fixed !== undefined && value === 1)) continue;
    if (fixed !== undefined) writing.lacks(name, fixed);
    else {
      if (value < 0 || value > 1) writing.lacks(name, `Bedrock takes 0 to 1, not ${value}`);
      config[name] = Math.min(Math.max(value, 0), 1);
    }
  }
  return config;
};

const writeTopK = ({ topK }: ChatRequest, fixed: string | undefined, writing: Writing): JsonObject => {
  if (topK === undefined) return {};
  const write = fixed === undefined ? topKOf[writing.family ?? ''] : undefined;
  if (write) return write(topK);
  writing.lacks('topK', fixed ?? 'Bedrock has no word for it for this model');
  return {};
};
