import { describe, expect, test } from 'bun:test';
import { sessionOf, userOf } from './session-of.ts';

const none = new Headers();
const uuid = '123e4567-e89b-12d3-a456-426614174000';
const oldId = `user_abc_account__session_${uuid}`;
const newId = JSON.stringify({ device_id: 'd1', account_uuid: '', session_id: uuid });

describe('sessionOf', () => {
  test.each<[string, Record<string, unknown>, Record<string, string>, string | undefined]>([
    ['LiteLLM, in the body', { litellm_session_id: 'a', metadata: { session_id: 'b' } }, { 'x-litellm-session-id': 'c' }, 'a'],
    ["LiteLLM, beside a provider's metadata", { litellm_metadata: { session_id: 'a' }, metadata: { user_id: oldId } }, {}, 'a'],
    ['metadata', { metadata: { session_id: 'b' } }, { 'x-litellm-session-id': 'c' }, 'b'],
    ['a header of LiteLLM', {}, { 'x-litellm-session-id': 'c', 'x-session-id': 'd' }, 'c'],
    ['a header', { prompt_cache_key: 'p' }, { 'x-session-id': 'd' }, 'd'],
    ['Claude Code', { metadata: { user_id: newId } }, { 'X-Claude-Code-Session-Id': 'e' }, 'e'],
    ['Codex', { prompt_cache_key: 'p' }, { 'session-id': 'f', session_id: 'f' }, 'f'],
    ['Codex before May 2026', {}, { session_id: 'g' }, 'g'],
    ['OpenCode', {}, { 'x-opencode-session': 'h' }, 'h'],
    ['Claude Code, before it had a header', { metadata: { user_id: oldId } }, {}, uuid],
    ['the same, as JSON', { metadata: { user_id: newId } }, {}, uuid],
    ["the key of OpenAI's cache", { prompt_cache_key: 'p' }, {}, 'p'],
    ['nothing', { metadata: { user_id: 'somebody' } }, {}, undefined],
    [
      'what is no id',
      { litellm_session_id: 7, metadata: 'x', prompt_cache_key: 'p'.repeat(257) },
      { 'x-session-id': 's'.repeat(257) },
      undefined,
    ],
    ['what only looks like JSON', { metadata: { user_id: '{not' } }, {}, undefined],
  ])('%s', (_, body, headers, wanted) => {
    expect(sessionOf(body, new Headers(headers))).toBe(wanted);
  });
});

describe('userOf', () => {
  test.each<[Record<string, unknown>, string | undefined]>([
    [{ user: 'u', safety_identifier: 's' }, 'u'],
    [{ safety_identifier: 's', metadata: { user_id: 'm' } }, 's'],
    [{ metadata: { user_id: 'm' } }, 'm'],
    // One and the same person in every session.
    [{ metadata: { user_id: oldId } }, 'user_abc_account_'],
    [{ metadata: { user_id: newId } }, 'd1'],
    [{ user: { id: 1 } }, undefined],
    [{}, undefined],
  ])('%p: %p', (body, wanted) => {
    expect(userOf(body)).toBe(wanted);
    expect(sessionOf({}, none)).toBeUndefined();
  });
});
