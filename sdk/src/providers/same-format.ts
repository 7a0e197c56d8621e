import type { JsonObject, Quirks } from '../types/index.ts';

/**
 * Whether a request that is in the provider's own format (OpenAI chat) still holds something that this vendor is known
 * to refuse or to call otherwise. What does not goes on untouched, so this must say yes only for what is really there.
 */
export const mustRewrite = (body: JsonObject, quirks: Quirks): boolean => {
  for (const name of quirks.lacks ?? []) if (isGiven(body[name])) return true;
  for (const name in quirks.rename) if (isGiven(body[name])) return true;
  if (quirks.noStreamOptions && isGiven(body['stream_options'])) return true;
  if (quirks.toolChoiceRequired && body['tool_choice'] === 'required') return true;
  if (quirks.structuredOutput && refusesFormat(body['response_format'], quirks.structuredOutput)) return true;
  if (quirks.developerRole === undefined && !quirks.contentAsString) return false;
  const messages: readonly unknown[] = Array.isArray(body['messages']) ? body['messages'] : [];
  return messages.some((message) => {
    const { role, content } = (message ?? {}) as JsonObject;
    return (quirks.developerRole !== undefined && role === 'developer') || (quirks.contentAsString === true && Array.isArray(content));
  });
};

/** `null` is how many clients say "not given". */
const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

const refusesFormat = (format: unknown, takes: NonNullable<Quirks['structuredOutput']>): boolean => {
  const type = (format as JsonObject | null | undefined)?.['type'];
  return type === 'json_schema' || (takes === 'none' && type === 'json_object');
};
