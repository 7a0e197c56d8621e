import { SluiceError } from 'sluice/kit';
import { customerOf } from './customer.ts';
import { noteForBooks } from './note-for-books.ts';
import type { Asked, CallState } from '../call-state.ts';
import type { Governed, Governor } from './governor.ts';
import { routeAllowed } from '../../access/keys/route-groups.ts';
import { aliased, demandModel, modelAccessOf } from '../model-rights.ts';
import { inTeamFor } from './in-team-for.ts';
import { override } from './router-overrides.ts';
import { demandParams } from './enforced-params.ts';
import { demandVectorStores } from './vector-stores.ts';
import { admitOr } from './admit-or.ts';
import { tagsOfHeaders } from '../route-request.ts';
import { sessionOf, traceOf } from '../session-of.ts';

const noBody = {};

/**
 * All that is asked of a call before it is made: may its caller use the model, does it say what it must, is there room.
 * Nothing is awaited where nobody has to be asked.
 * @throws SluiceError
 */
export const govern = (state: CallState, model: string, asked: Asked): Promise<void> | undefined => {
  const { governor, live } = state;
  const principal = (state.principal = asked.anyModel ? state.principal : inTeamFor(state, model));
  if (!principal) return undefined;
  if (!asked.anyModel) demandModel(state, model);
  demandFallbacks(state, asked);
  override(principal, asked, model);
  const body = asked.said?.body ?? noBody;
  demandParams(principal, live.snapshot, body);
  demandVectorStores(principal, body);
  for (const { overrides } of asked.fallbacks?.targets ?? []) if (overrides) demandVectorStores(principal, overrides);
  const tags = asked.route?.tags;
  demandNoTags(state, tags);
  if (!governor || state.held) return undefined;
  const customerId = customerOf(principal, body, asked.clientHeaders, live.snapshot.tokens);
  const all = ownTags(principal, tags);
  noteForBooks(state, { body, headers: asked.clientHeaders, customerId, tags: all });
  const governed: Governed = {
    model: asked.anyModel ? undefined : aliased(principal, model),
    body,
    needs: asked.route?.needs,
    fallbacks: asked.fallbacks,
    customerId,
    tags: all,
    sessionOf: () => asked.route?.sessionId ?? traceOf(body, asked.clientHeaders),
  };
  return asked.batch && governor.mayBound(state, governed)
    ? admitBatch(state, governor, governed, asked.batch)
    : admitOr(state, governor, governed);
};

/** Nobody else is asked for it: what it holds lies with its provider. */
const admitBatch = async (state: CallState, governor: Governor, governed: Governed, batch: NonNullable<Asked['batch']>): Promise<void> =>
  governor.admit(state, { ...governed, batch: await batch() });

/** A fallback that a client names is a model that it asks for. */
const demandFallbacks = (state: CallState, { fallbacks }: Asked): void => {
  if (!fallbacks || state.principal?.kind === 'master') return;
  for (const { name } of fallbacks.targets ?? []) demandModel(state, name);
  for (const list of Object.values(fallbacks.contextWindow ?? {})) for (const { name } of list) demandModel(state, name);
};

/** @throws SluiceError `invalid_request` where calls may bring no tags of their own */
const demandNoTags = ({ principal, live }: CallState, tags: readonly string[] | undefined): void => {
  if (live.snapshot.access.rejectClientTags && principal?.kind !== 'master' && tags?.length)
    throw new SluiceError(
      'invalid_request',
      'Calls may not bring tags of their own here (general_settings.reject_clientside_metadata_tags).',
      { param: 'tags' },
    );
};

const ownTags = (
  { key, team }: NonNullable<CallState['principal']>,
  tags: readonly string[] | undefined,
): readonly string[] | undefined => {
  const ofKey = key?.data.tags;
  const ofTeam = team?.data.tags;
  // The client's come last: of too many, no one of the key or the team may be left out.
  return ofKey?.length || ofTeam?.length ? [...(ofKey ?? []), ...(ofTeam ?? []), ...(tags ?? [])] : tags;
};

/**
 * The same for a call that is relayed to a provider as it is: where its caller has a list of models, the one that it names
 * must be in it, by itself or behind the provider's name, and a call that names none must be on a path that the caller was given.
 * @throws SluiceError
 */
export const governRelay = (
  state: CallState,
  { model, provider, path, headers }: { model: string | undefined; provider: string | undefined; path: string; headers: Headers },
): Promise<void> | undefined => {
  const { governor, live } = state;
  const principal = (state.principal = model === undefined ? state.principal : inTeamFor(state, model));
  if (!principal) return undefined;
  // Who needs no key has no limits of its own, and those of the gateway hold all the same.
  if (principal.kind === 'open') return governor && admitOr(state, governor, { model: undefined, relayed: true });
  const access = modelAccessOf(principal, live);
  if (access) {
    const own = [...(principal.key?.data.allowed_passthrough_routes ?? []), ...(principal.team?.data.allowed_passthrough_routes ?? [])];
    if (model === undefined) {
      if (!routeAllowed(own, path, true))
        throw new SluiceError(
          'permission_denied',
          `This key is for models of its own list, and ${path.slice(0, 200)} names none (allowed_passthrough_routes).`,
          {
            type: 'auth_error',
          },
        );
    } else if (provider === undefined || !access.may(`${provider}/${model}`)) demandModel(state, model);
  }
  const customerId = customerOf(principal, noBody, headers, live.snapshot.tokens);
  // The body is the provider's alone.
  const brought = tagsOfHeaders(headers);
  demandNoTags(state, brought);
  const tags = ownTags(principal, brought);
  noteForBooks(state, { body: noBody, headers, customerId, tags });
  const session = () => sessionOf(noBody, headers) ?? traceOf(noBody, headers);
  return governor && admitOr(state, governor, { model, customerId, tags, relayed: true, sessionOf: session });
};
