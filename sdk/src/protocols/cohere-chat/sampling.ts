import type { ChatRequest, JsonObject, ToWireContext } from '../../types/index.ts';
import { compact } from '../shared/read.ts';
import { parameterName } from '../shared/parameter-name.ts';

/** What Cohere takes (https://docs.cohere.com/v2/reference/chat, read 2026-11-22). */
const ranges = {
  temperature: [0, 1],
  presencePenalty: [0, 1],
  frequencyPenalty: [0, 1],
  topK: [0, 500],
} as const;

const withinRange = (name: keyof typeof ranges, request: ChatRequest, context: ToWireContext): number | undefined => {
  const value = request[name];
  if (value === undefined) return undefined;
  const [least, most] = ranges[name];
  if (value >= least && value <= most) return value;
  context.lacks(parameterName(name, context.from), `Cohere takes ${least} to ${most}, not ${value}`);
  return Math.min(Math.max(value, least), most);
};

const leastP = 0.01;
const mostP = 0.99;

/** 1 is no restriction, which must be said here: left out, it would be 0.75. */
const topP = ({ topP: value }: ChatRequest, context: ToWireContext): number | undefined => {
  if (value === undefined || (value >= leastP && value <= mostP)) return value;
  const name = parameterName('topP', context.from);
  const nearest = value < leastP ? leastP : mostP;
  if (value < 0 || value > 1) context.lacks(name, `Cohere takes ${leastP} to ${mostP}, not ${value}`);
  else context.drop(name, `${value} is sent as ${nearest}, the nearest that Cohere takes`);
  return nearest;
};

export const writeSampling = (request: ChatRequest, context: ToWireContext): JsonObject => {
  // Cohere's own clients know what they ask for.
  if (context.from === 'cohere-chat') {
    const { temperature, topP: p, topK: k, presencePenalty, frequencyPenalty } = request;
    return compact({ temperature, p, k, presence_penalty: presencePenalty, frequency_penalty: frequencyPenalty });
  }
  return compact({
    temperature: withinRange('temperature', request, context),
    p: topP(request, context),
    k: withinRange('topK', request, context),
    presence_penalty: withinRange('presencePenalty', request, context),
    frequency_penalty: withinRange('frequencyPenalty', request, context),
  });
};
