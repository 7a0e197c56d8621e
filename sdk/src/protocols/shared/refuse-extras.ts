import type { ChatRequest } from '../../types/index.ts';
import type { parameterName } from './parameter-name.ts';

type Parameter = Parameters<typeof parameterName>[0];

/** How a writer tells what a target lacks. */
interface Telling {
  note(what: string, why: string): void;
  lacks(parameter: Parameter, why?: string): void;
  spell(parameter: Parameter): string;
}

/**
 * What neither Anthropic nor Bedrock has of the parameters that others brought up. A value that asks for nothing beyond the
 * ordinary is not refused.
 * @param vendor for people
 */
export const refuseExtras = (request: ChatRequest, { lacks, note, spell }: Telling, vendor: string): void => {
  const { candidateCount, logitBias, modalities, topLogprobs, verbosity } = request;
  if (candidateCount !== undefined && candidateCount !== 1) lacks('candidateCount', `${vendor} gives one answer`);
  if (request.seed !== undefined) lacks('seed');
  if (request.presencePenalty) lacks('presencePenalty');
  if (request.frequencyPenalty) lacks('frequencyPenalty');
  if (logitBias && Object.keys(logitBias).length > 0) lacks('logitBias');
  if (request.logprobs) lacks('logprobs');
  else if (topLogprobs) lacks('topLogprobs');
  if (verbosity !== undefined && verbosity !== 'medium') lacks('verbosity');
  if (modalities?.some((modality) => modality !== 'text')) lacks('modalities', `${vendor} answers in text only`);
  else if (request.audio) lacks('audio', `${vendor} answers in text only`);
  if (request.store) lacks('store', `${vendor} does not keep answers`);
  // Hints for speed and cost, which change no answer: agents send them to every provider.
  if (request.prediction) note(spell('prediction'), `${vendor} has no predicted outputs`);
  if (request.promptCacheKey !== undefined) note(spell('promptCacheKey'), `${vendor} finds cached prompts by their text`);
};
