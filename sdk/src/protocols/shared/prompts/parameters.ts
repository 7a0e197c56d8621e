import type { ChatRequest, JsonObject, ToWireContext } from '../../../types/index.ts';
import { noteCacheMarks } from '../cache-marks.ts';
import { noteForeignMembers } from '../foreign-members.ts';
import { parameterName } from '../parameter-name.ts';

/** What a vendor may have a word for beside a prompt. */
const sampling = [
  'maxOutputTokens',
  'temperature',
  'topP',
  'topK',
  'stop',
  'seed',
  'candidateCount',
  'presencePenalty',
  'frequencyPenalty',
  'logitBias',
  'logprobs',
  'topLogprobs',
] as const satisfies readonly (keyof ChatRequest)[];

type Sampling = (typeof sampling)[number];

/** Parameter -> the vendor's member. What has none is refused by name, or dropped with `drop_params`. */
export type MemberNames = Readonly<Partial<Record<Sampling, string>>>;

/** Values that ask for what is so anyway. */
const saysNothing = (name: Sampling, value: unknown): boolean =>
  value === undefined ||
  value === false ||
  (name === 'candidateCount' && value === 1) ||
  ((name === 'presencePenalty' || name === 'frequencyPenalty' || name === 'topLogprobs') && value === 0) ||
  (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

/** What nothing that is given a prompt can do. */
const beyond = ['modalities', 'audio', 'webSearch', 'verbosity', 'store'] as const satisfies readonly (keyof ChatRequest)[];

/** Wishes for speed, cost and records, which change no answer. */
const wishes = ['prediction', 'promptCacheKey', 'metadata', 'user', 'serviceTier'] as const satisfies readonly (keyof ChatRequest)[];

export interface PromptAbilities {
  names: MemberNames;
  /** The format's own id. */
  protocol: string;
  /** Tools are told apart from the prompt. */
  tools?: boolean;
  /** What is said of thinking is the caller's to judge. */
  thinks?: boolean;
}

const isPlain = (name: (typeof beyond)[number], value: unknown): boolean =>
  value === undefined || value === false || (name === 'modalities' && Array.isArray(value) && value.every((each) => each === 'text'));

const asksToThink = ({ reasoning }: ChatRequest): boolean =>
  reasoning !== undefined && reasoning.mode !== 'disabled' && reasoning.effort !== 'none';

/**
 * The parameters of a request by the vendor's names; judges all others.
 * @throws SluiceError `unsupported_parameter`, naming it as the client does
 */
export const writeParameters = (
  request: ChatRequest,
  context: ToWireContext,
  { names, protocol, tools = false, thinks = false }: PromptAbilities,
): JsonObject => {
  noteForeignMembers(request, protocol, context);
  noteCacheMarks(request, context, 'a prompt takes no such marks');
  const spell = (name: Parameters<typeof parameterName>[0]): string => parameterName(name, context.from);
  const members: JsonObject = {};
  for (const name of sampling) {
    const value = request[name];
    if (saysNothing(name, value)) continue;
    const member = names[name];
    if (member === undefined) context.lacks(spell(name));
    else members[member] = value;
  }
  if (!tools && request.tools && request.tools.length > 0) context.lacks(spell('tools'), 'a prompt has none');
  if (request.responseFormat && request.responseFormat.type !== 'text')
    context.lacks(spell('responseFormat'), 'what is given a prompt cannot be held to a format');
  if (!thinks && asksToThink(request)) context.lacks(spell('reasoning'));
  for (const name of beyond) if (!isPlain(name, request[name])) context.lacks(spell(name));
  for (const name of wishes) if (request[name] !== undefined) context.drop(spell(name), 'there is no place for it beside a prompt');
  return members;
};
