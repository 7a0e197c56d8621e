import { isObject, type JsonObject } from 'sluice/kit';

/** Longer ones are no ids. */
const maxLength = 256;

const idOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= maxLength ? value : undefined;

/**
 * Where clients say which session a call belongs to: LiteLLM's and our own; Claude Code's
 * (code.claude.com/docs/en/llm-gateway-protocol); Codex's two spellings (github.com/openai/codex/pull/21757); OpenCode's
 * (github.com/rohitg00/agentmemory/pull/1376). Read 2026-11-22.
 */
const sessionHeaders = [
  'x-litellm-session-id',
  'x-session-id',
  'x-claude-code-session-id',
  'session-id',
  'session_id',
  'x-opencode-session',
] as const;

/**
 * What Claude Code's `metadata.user_id` says: `user_<hash>_account_<uuid>_session_<uuid>`, and from 2.1.78 on a JSON text
 * with `device_id`, `account_uuid` and `session_id` (github.com/ding113/claude-code-hub/pull/939, read 2026-11-22).
 */
const partsOf = (userId: unknown): { user?: string | undefined; session?: string | undefined } => {
  if (typeof userId !== 'string' || userId.length > 1024) return {};
  if (userId.startsWith('{')) {
    try {
      const said: unknown = JSON.parse(userId);
      if (isObject(said)) return { user: idOf(said['account_uuid']) ?? idOf(said['device_id']), session: idOf(said['session_id']) };
    } catch {
      // A user's id that begins with a brace.
    }
  }
  const at = userId.lastIndexOf('_session_');
  return at === -1 ? { user: idOf(userId) } : { user: idOf(userId.slice(0, at)), session: idOf(userId.slice(at + '_session_'.length)) };
};

const metadataOf = (body: JsonObject): JsonObject => (isObject(body['metadata']) ? body['metadata'] : {});

/** Which session a call belongs to, as its client says it. */
export const sessionOf = (body: JsonObject, headers: Headers): string | undefined => {
  const metadata = metadataOf(body);
  const ours = body['litellm_metadata'];
  const said = idOf(body['litellm_session_id']) ?? (isObject(ours) ? idOf(ours['session_id']) : undefined) ?? idOf(metadata['session_id']);
  if (said !== undefined) return said;
  for (const name of sessionHeaders) {
    const id = idOf(headers.get(name));
    if (id !== undefined) return id;
  }
  return partsOf(metadata['user_id']).session ?? idOf(body['prompt_cache_key']);
};

/** LiteLLM's name for a chain of calls, by which it counts a session's where nothing else says one (`x-litellm-trace-id`). */
export const traceOf = (body: JsonObject, headers: Headers): string | undefined =>
  idOf(headers.get('x-litellm-trace-id')) ?? idOf(body['litellm_trace_id']);

/** Whom a call is made for, as its client says it. */
export const userOf = (body: JsonObject): string | undefined =>
  idOf(body['user']) ?? idOf(body['safety_identifier']) ?? partsOf(metadataOf(body)['user_id']).user;
