import { SluiceError } from 'sluice/kit';
import { customerOf } from './customer.ts';
import type { Asked, CallState } from '../call-state.ts';
import { routeAllowed } from '../../access/keys/route-groups.ts';
import { aliased, demandModel, modelAccessOf } from '../model-rights.ts';
import { inTeamFor } from './in-team-for.ts';
import { override } from './router-overrides.ts';
import { demandParams } from './enforced-params.ts';
import { demandVectorStores } from './vector-stores.ts';

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
  const { access } = live.snapshot;
  const body = asked.said?.body ?? noBody;
  demandParams(principal, live.snapshot, body);
  demandVectorStores(principal, body);
  const tags = asked.route?.tags;
  if (access.rejectClientTags && principal.kind !== 'master' && tags?.length)
    throw new SluiceError(
      'invalid_request',
      'Calls may not bring tags of their own here (general_settings.reject_clientside_metadata_tags).',
      {
        param: 'tags',
      },
    );
  if (!governor || state.held) return undefined;
  return governor.admit(state, {
    model: asked.anyModel ? undefined : aliased(principal, model),
    needs: asked.route?.needs,
    customerId: customerOf(principal, body, asked.clientHeaders, live.snapshot.tokens),
    tags: ownTags(principal, tags),
  });
};

/** A fallback that a client names is a model that it asks for. */
const demandFallbacks = (state: CallState, { fallbacks }: Asked): void => {
  if (!fallbacks || state.principal?.kind === 'master') return;
  for (const { name } of fallbacks.targets ?? []) demandModel(state, name);
  for (const list of Object.values(fallbacks.contextWindow ?? {})) for (const { name } of list) demandModel(state, name);
};

const ownTags = (
  { key, team }: NonNullable<CallState['principal']>,
  tags: readonly string[] | undefined,
): readonly string[] | undefined => {
  const ofKey = key?.data.tags;
  const ofTeam = team?.data.tags;
  return ofKey?.length || ofTeam?.length ? [...(tags ?? []), ...(ofKey ?? []), ...(ofTeam ?? [])] : tags;
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
  if (!principal || principal.kind === 'open') return undefined;
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
  return governor?.admit(state, { model, customerId: customerOf(principal, noBody, headers, live.snapshot.tokens) });
};
