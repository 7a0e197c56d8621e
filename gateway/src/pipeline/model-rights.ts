import { SluiceError } from 'sluice/kit';
import { ModelAccess } from '../access/models/model-access.ts';
import type { Principal } from '../access/principal.ts';
import { isKeptModel } from '../config/schema/kept-settings.ts';
import { searchToolOf } from '../config/schema/search-tools.ts';
import { teamModelName } from '../config/stored/team-model-name.ts';
import type { CallState } from './call-state.ts';
import type { Live } from './live.ts';
import { nameUnder } from './named-by-path.ts';

/** Worked out once for each caller and configuration. */
const known = new WeakMap<Principal, { live: Live; access: ModelAccess }>();

/** Which models a caller may ask for. Undefined: all, and nothing has to be asked. */
export const modelAccessOf = (principal: Principal | undefined, live: Live): ModelAccess | undefined => {
  if (!principal || principal.kind === 'master' || principal.kind === 'open') return undefined;
  let found = known.get(principal);
  if (found?.live !== live) known.set(principal, (found = { live, access: new ModelAccess(principal, live.groupsOf) }));
  return found.access.isOpen ? undefined : found.access;
};

/** The name that a caller's key, and then its team, has another one for (`aliases`, `model_aliases`, `model_group_alias`). */
export const aliased = (principal: Principal | undefined, model: string): string => {
  if (!principal) return model;
  const { key, team } = principal;
  const ofKey = memberOf(key?.data.aliases, model) ?? groupAlias(key?.data.router_settings, model) ?? model;
  return memberOf(team?.data.model_aliases, ofKey) ?? groupAlias(team?.data.router_settings, ofKey) ?? ofKey;
};

const groupAlias = (settings: Readonly<Record<string, unknown>> | null | undefined, model: string): string | undefined => {
  const alias = memberOf(settings?.['model_group_alias'] as Readonly<Record<string, string | { model: string }>> | undefined, model);
  return typeof alias === 'object' ? alias.model : alias;
};

const memberOf = <T>(aliases: Readonly<Record<string, T>> | null | undefined, name: string): T | undefined =>
  aliases && Object.hasOwn(aliases, name) ? aliases[name] : undefined;

/** The name by which the router knows a model that a caller names: its team may have one of its own by that name. */
export const routedName = (principal: Principal | undefined, model: string, { router, hasTeamModels }: Live): string => {
  if (principal?.teamId === undefined || !hasTeamModels) return model;
  const own = teamModelName(principal.teamId, model);
  return router.match(own).some(({ deployment }) => deployment.payload.team !== undefined) ? own : model;
};

/** @param model as the client named it @throws SluiceError `authentication` where the caller may not ask for it */
export const demandModel = (
  { principal, pathProvider, live }: Pick<CallState, 'principal' | 'pathProvider' | 'live'>,
  model: string,
): void => {
  if (!principal || principal.kind === 'master') return;
  const tool = searchToolOf(model);
  if (tool !== undefined) return demandSearchTool(principal, tool);
  // Where a thing is kept is no model that anybody asked for.
  if (isKeptModel(model)) return;
  if (live.hasTeamModels) demandOwnTeam(principal, model, live);
  const access = modelAccessOf(principal, live);
  if (!access) return;
  const meant = aliased(principal, model);
  if (routedName(principal, meant, live) !== meant) return access.demand(meant, true);
  const named = nameUnder(pathProvider, meant, live);
  // Another name of the configuration's for a model that may be asked for is no way around, nor in the way.
  const stands = live.snapshot.aliases[named]?.model;
  if (stands !== undefined && access.may(stands)) return;
  access.demand(named);
};

/** What one team was given is no other's, by whatever name it is asked for. */
const demandOwnTeam = ({ role, teamId }: Principal, model: string, { router }: Live): void => {
  if (role === 'proxy_admin') return;
  const others = router.match(model).some(({ deployment: { payload } }) => payload.team !== undefined && payload.team.id !== teamId);
  if (others) throw new SluiceError('not_found', `The model '${model.slice(0, 100)}' does not exist.`, { param: 'model' });
};

const demandSearchTool = ({ key, team, user, project, organization }: Principal, tool: string): void => {
  for (const one of [key, team, project, user, organization]) {
    const allowed = one?.data.object_permission?.search_tools;
    if (allowed && !allowed.includes(tool))
      throw new SluiceError('permission_denied', `You may not search with '${tool}'.`, { param: 'search_tool_name', type: 'auth_error' });
  }
};

/** @throws SluiceError `permission_denied` where one of the caller's line has a list of vector stores without it */
export const demandVectorStore = (principal: Principal | undefined, id: string): void => {
  for (const one of [principal?.key, principal?.team, principal?.project, principal?.user, principal?.organization]) {
    const allowed = one?.data.object_permission?.vector_stores;
    if (allowed && !allowed.includes(id))
      throw new SluiceError('permission_denied', `You may not use the vector store '${id.slice(0, 100)}'.`, {
        param: 'vector_store_id',
        type: 'key_vector_store_access_denied',
      });
  }
};

/** Whose turn it is in a queue: everybody who has a key of their own is somebody else. */
export const callerOf = (principal: Principal | undefined): string | undefined => principal?.key?.id ?? principal?.userId;
