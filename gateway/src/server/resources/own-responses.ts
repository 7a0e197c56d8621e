import { responseOf, type JsonObject, type StoredTurn } from 'sluice/kit';
import { SluiceError } from 'sluice/kit';
import type { Handling } from '../handling.ts';
import type { ResourceMatch } from './resource-routes.ts';

type Act = (handling: Handling, turn: StoredTurn) => JsonObject;

/** What can be asked of an answer that was made here, for a provider that keeps none. */
const acts: Readonly<Record<string, Act>> = {
  'GET /{}': (_, turn) => responseOf(turn),
  'DELETE /{}': ({ responses }, { id }) => {
    responses.delete(id);
    return { id, object: 'response', deleted: true };
  },
  'GET /{}/input_items': ({ query }, { input }) => inputItems(input, new URLSearchParams(query)),
  'POST /{}/cancel': () => {
    // As OpenAI says it: only what runs in the background can be cancelled, and here nothing does.
    throw new SluiceError('invalid_request', 'Cannot cancel a synchronous response.');
  },
};

/** The answer to a request about a response that is in our own memory; undefined where it is not. @throws SluiceError */
export const ownResponse = (handling: Handling, { kind, rest, ids }: ResourceMatch): Response | undefined => {
  const turn = kind === 'responses' && ids[0] !== undefined ? handling.responses.get(ids[0]) : undefined;
  const act = turn && acts[`${handling.request.method} ${rest}`];
  if (!act) return undefined;
  const json = act(handling, turn);
  handling.ended(200, undefined);
  return Response.json(json, { headers: handling.headers() });
};

/** OpenAI's list of what a response was asked with: newest first unless told otherwise (platform.openai.com, read 2026-11-22). */
const inputItems = (input: readonly JsonObject[], query: URLSearchParams): JsonObject => {
  const named = input.map((item, at) => ({ id: `item_${at}`, ...item }));
  const ordered = query.get('order') === 'asc' ? named : named.toReversed();
  const after = query.get('after');
  const from = after === null ? 0 : ordered.findIndex(({ id }) => id === after) + 1;
  const limit = Math.min(100, Math.max(1, Number(query.get('limit') ?? 20) || 20));
  const data = ordered.slice(from, from + limit);
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: from + limit < ordered.length,
  };
};
