import type { ChatRequest, JsonObject } from '../../types/index.ts';
import type { ClaudeWriting } from './claude-thinking.ts';

/**
 * Temperature, top_p and top_k. Thinking models take none but what is the default anyway; nor do newer ones at all, nor
 * API version 2026-10-21 (https://platform.claude.com/docs/en/api/versioning, read 2026-11-21). The default is left out.
 */
export const writeClaudeSampling = (request: ChatRequest, thinking: boolean, writing: ClaudeWriting): JsonObject => {
  const { temperature, topP, topK } = request;
  const sampling: JsonObject = {};
  if (writing.own) {
    if (temperature !== undefined) sampling['temperature'] = temperature;
    if (topP !== undefined) sampling['top_p'] = topP;
    if (topK !== undefined) sampling['top_k'] = topK;
    return sampling;
  }
  const fixed = writing.context.traits.fixedSampling
    ? 'this model takes no sampling parameters'
    : thinking
      ? 'Claude does not take it while it thinks'
      : undefined;

  if (temperature !== undefined && temperature !== 1) {
    if (fixed) writing.lacks('temperature', fixed);
    else if (temperature >= 0 && temperature <= 1) sampling['temperature'] = temperature;
    else {
      writing.lacks('temperature', `Anthropic takes 0 to 1, not ${temperature}`);
      sampling['temperature'] = Math.min(Math.max(temperature, 0), 1);
    }
  } else if (temperature === 1 && !fixed) sampling['temperature'] = 1;

  // 1 is no restriction; several models refuse it beside a temperature all the same.
  if (topP !== undefined && topP !== 1) {
    if (writing.context.traits.fixedSampling || (thinking && topP < leastThinkingTopP)) writing.lacks('topP', fixed);
    else sampling['top_p'] = topP;
  }
  if (topK !== undefined) {
    if (fixed) writing.lacks('topK', fixed);
    else sampling['top_k'] = topK;
  }
  return sampling;
};

/** "When thinking is enabled, you can set top_p to values between 1 and 0.95." */
const leastThinkingTopP = 0.95;
