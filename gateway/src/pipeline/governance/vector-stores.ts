import { isObject, type JsonObject } from 'sluice/kit';
import type { Principal } from '../../access/principal.ts';
import { demandVectorStore } from '../model-rights.ts';

/** Whether anybody in a caller's line has a list of them: most have none, and then bodies are not looked at. */
const bounded = new WeakMap<Principal, boolean>();

const isBounded = (principal: Principal): boolean => {
  let found = bounded.get(principal);
  if (found === undefined) {
    const { key, team, project, user, organization } = principal;
    found = [key, team, project, user, organization].some((one) => one?.data.object_permission?.vector_stores != null);
    bounded.set(principal, found);
  }
  return found;
};

/**
 * The vector stores that a call has searched for it: those of `file_search` tools, by which the provider answers from what is
 * in them.
 * @throws SluiceError `permission_denied` for one that the caller may not use
 */
export const demandVectorStores = (principal: Principal, body: JsonObject): void => {
  if (principal.kind === 'master' || principal.kind === 'open' || !isBounded(principal)) return;
  const { tools, tool_resources: resources } = body;
  for (const tool of Array.isArray(tools) ? tools : []) demandThose(principal, tool);
  // As assistants have them, beside their tools.
  if (isObject(resources)) demandThose(principal, resources['file_search']);
  demandThose(principal, body);
};

const demandThose = (principal: Principal, holder: unknown): void => {
  if (!isObject(holder)) return;
  for (const ids of [holder['vector_store_ids'], isObject(holder['file_search']) ? holder['file_search']['vector_store_ids'] : undefined])
    for (const id of Array.isArray(ids) ? ids : []) if (typeof id === 'string') demandVectorStore(principal, id);
};
