import { breaksStrictRules } from '../protocols/openai-chat/strict-messages.ts';
import type { JsonObject, Quirks } from '../types/index.ts';

/**
 * Whether a request that is in the provider's own format (OpenAI chat) still holds something that this vendor is known
 * to refuse or to call otherwise. What does not goes on untouched, so this must say yes only for what is really there.
 */
export const mustRewrite = (body: JsonObject, quirks: Quirks): boolean => {
  for (const name of quirks.lacks ?? []) if (isGiven(body[name])) return true;
  for (const name in quirks.rename) if (isGiven(body[name])) return true;
  if (quirks.noStreamOptions && isGiven(body['stream_options'])) return true;
  if (quirks.structuredOutput && refusesFormat(body['response_format'], quirks.structuredOutput)) return true;
  if (quirks.efforts && isGiven(body['reasoning_effort']) && !(quirks.efforts as readonly unknown[]).includes(body['reasoning_effort']))
    return true;
  if (quirks.reasoningObject && (isGiven(body['reasoning_effort']) || isGiven(body['thinking']))) return true;
  if (refusesTools(body, quirks)) return true;
  if (quirks.strictMessages && breaksStrictRules(body)) return true;
  if (thinksElsewhere(body, quirks)) return true;
  const lacksParts = quirks.lacks?.includes('video_url') ?? false;
  const otherFiles = quirks.fileUrl !== undefined && quirks.fileUrl !== 'file_data';
  if (quirks.developerRole === undefined && !quirks.contentAsString && !lacksParts && !otherFiles) return false;
  return listOf(body['messages']).some(({ role, content }) => {
    if (quirks.developerRole !== undefined && role === 'developer') return true;
    if (!Array.isArray(content)) return false;
    return (
      quirks.contentAsString === true ||
      listOf(content).some(({ type, file }) => (lacksParts && type === 'video_url') || (otherFiles && holdsData(file)))
    );
  });
};

const thoughtMembers = ['reasoning_content', 'reasoning', 'reasoning_details', 'thinking_blocks'] as const;

/**
 * Whether the history has thoughts as another vendor, or this gateway for another vendor, wrote them. Groq answers 400 to
 * `reasoning_content` (https://github.com/janhq/jan/issues/8136, read 2026-11-22), and elsewhere they are lost.
 */
const thinksElsewhere = ({ messages }: JsonObject, { reasoningField }: Quirks): boolean => {
  if (reasoningField === undefined || reasoningField === 'content' || reasoningField === 'content_summary') return false;
  // Who has details has the same in words beside them.
  const foreign = reasoningField === 'reasoning_details' ? blocksAlone : thoughtMembers;
  return listOf(messages).some(
    (message) =>
      foreign.some((name) => name !== reasoningField && isGiven(message[name])) ||
      (reasoningField === 'none' && listOf(message['tool_calls']).some((call) => isGiven(call['extra_content']))),
  );
};

const blocksAlone = ['thinking_blocks'] as const;

/** The members of a list as objects, whatever is in it. */
const listOf = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.map((each) => (each ?? {}) as JsonObject) : []);

/** A file whose data is given in OpenAI's way; a file's id is left to the vendor. */
const holdsData = (file: unknown): boolean => typeof (file as JsonObject | null | undefined)?.['file_data'] === 'string';

const refusesTools = ({ tools, tool_choice: choice }: JsonObject, { lacks, toolChoiceRequired }: Quirks): boolean => {
  if (toolChoiceRequired && choice === 'required') return true;
  if (lacks?.includes('allowed_tools') && (choice as JsonObject | null | undefined)?.['type'] === 'allowed_tools') return true;
  return (lacks?.includes('custom_tools') ?? false) && listOf(tools).some(({ type }) => type === 'custom');
};

/** `null` is how many clients say "not given". */
const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

const refusesFormat = (format: unknown, takes: NonNullable<Quirks['structuredOutput']>): boolean => {
  const type = (format as JsonObject | null | undefined)?.['type'];
  return type === 'json_schema' || (takes === 'none' && type === 'json_object');
};
