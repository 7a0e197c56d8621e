import type { JsonObject, ProtocolExtra, Signature, ThinkingPart } from '../../types/index.ts';

export const id = 'cohere-chat';
export const origin = 'cohere';

/** What only this format knows of a part, message or request. */
export const ownOf = ({ extra }: { extra?: ProtocolExtra }): JsonObject => extra?.[id] ?? {};

/**
 * A `tool_plan` is what a model without thinking blocks thinks before it calls tools
 * (https://docs.cohere.com/v2/docs/tool-use-overview, read 2026-11-22). In the neutral model it is a thought that says by
 * its `extra` what it was, and by a signature, which foreign formats carry, so that it goes back to where it came from.
 */
export const planPart = (text = ''): ThinkingPart => ({ type: 'thinking', text, extra: { [id]: { tool_plan: true } } });

export const planSignature: Readonly<Signature> = Object.freeze({ origin, value: 'tool_plan' });

export const isPlan = (part: ThinkingPart): boolean =>
  ownOf(part)['tool_plan'] === true || (part.signature?.origin === origin && part.signature.value === planSignature.value);
