import { asArray, asObjects } from '../../protocols/shared/read.ts';
import type { Dialect, DialectCall, JsonObject } from '../../types/index.ts';

/*
 * Copilot bills a user's own words and not what an agent goes on to ask, and wants to be told of images (BerriAI/litellm
 * `llms/github_copilot/chat/transformation.py` and `responses/transformation.py`, read 2026-11-22).
 */

const agentRoles: ReadonlySet<unknown> = new Set(['assistant', 'tool']);

/** Chat: somebody answered already. Responses: an item of the model's or of a tool's, which have no role. */
const isAgent = (turn: JsonObject): boolean => agentRoles.has(turn['role']) || (turn['role'] ?? '') === '';

const imageTypes: ReadonlySet<unknown> = new Set(['image_url', 'input_image', 'image']);

/** Anthropic's results of tools hold content of their own, and so do Responses' outputs. */
const hasImage = (turn: JsonObject): boolean =>
  [turn['content'], turn['output']].some((list) =>
    asObjects(asArray(list)).some((part) => imageTypes.has(part['type']) || (part['type'] === 'tool_result' && hasImage(part))),
  );

/** In Anthropic's format results of tools are a user's turn. */
const isResult = (turn: JsonObject): boolean => asObjects(asArray(turn['content'])).some((part) => part['type'] === 'tool_result');

export const copilotDialect = ({ body }: DialectCall): Dialect => {
  const turns = asObjects(asArray(body['messages'] ?? body['input']));
  const headers: Record<string, string> = {
    'x-initiator': turns.some((turn) => isAgent(turn) || isResult(turn)) ? 'agent' : 'user',
    ...(turns.some(hasImage) && { 'copilot-vision-request': 'true' }),
  };
  return { members: {}, headers };
};
