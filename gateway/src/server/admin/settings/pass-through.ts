import { SluiceError } from 'sluice/kit';
import { routeAllowed } from '../../../access/keys/route-groups.ts';
import { endpointsPath, pathOfEndpoint } from '../../../config/stored/join-setting.ts';
import { mask, maskMembers } from '../../../config/stored/secret-members.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { filled } from '../patch.ts';
import { findTeam, ownedBy, theTeam } from '../teams/find-team.ts';
import { haveLive } from './have-live.ts';
import { changedEndpoint, endpointDelete, endpointsQuery, newEndpoint, teamEndpointsQuery } from './schemas.ts';
import { refuseOwned, writeSetting } from './write-setting.ts';

type Endpoint = Readonly<Record<string, unknown>>;
type Services = AdminContext['services'];

const asList = (value: unknown): readonly Endpoint[] => (Array.isArray(value) ? (value as Endpoint[]) : []);

const idOf = (endpoint: Endpoint): string => (typeof endpoint['id'] === 'string' ? endpoint['id'] : pathOfEndpoint(endpoint));

/** LiteLLM's `PassThroughGenericEndpoint`. Secrets of its headers are `****`. */
const shown = (endpoint: Endpoint, ofFile: boolean) => ({
  id: idOf(endpoint),
  path: endpoint['path'],
  target: endpoint['target'],
  headers: maskMembers(endpoint['headers'] ?? {}),
  default_query_params: endpoint['default_query_params'] ?? {},
  include_subpath: endpoint['include_subpath'] ?? false,
  cost_per_request: endpoint['cost_per_request'] ?? 0,
  timeout: endpoint['timeout'] ?? null,
  auth: endpoint['auth'] ?? true,
  guardrails: null,
  is_from_config: ofFile,
  methods: endpoint['methods'] ?? null,
  forward_headers: endpoint['forward_headers'] ?? false,
});

const all = ({ snapshot, stored }: Services) => {
  const written = asList(snapshot().origin?.written(endpointsPath.split('.')));
  const paths = new Set(written.map(pathOfEndpoint));
  const own = asList(stored.parts.settings.find(({ path }) => path === endpointsPath)?.value);
  return [
    ...written.map((each) => shown(each, true)),
    ...own.filter((each) => !paths.has(pathOfEndpoint(each))).map((each) => shown(each, false)),
  ];
};

/** A team's endpoints are those that its routes name. */
const ofTeam = async (context: Pick<AdminContext, 'store' | 'services'>, teamId: string) => {
  const team = await theTeam(context, teamId);
  const routes = team.data.allowed_passthrough_routes ?? [];
  return all(context.services).filter(({ path }) => routes.length > 0 && routeAllowed(routes, String(path), true));
};

const only = (endpoints: ReturnType<typeof all>, id: string | undefined) => {
  if (id === undefined) return { endpoints };
  const found = endpoints.filter((each) => each.id === id);
  if (found.length === 0) throw noEndpoint(id);
  return { endpoints: found };
};

export const listEndpoints = adminRoute({
  method: 'GET',
  paths: ['/config/pass_through_endpoint'],
  action: 'settings.see',
  query: endpointsQuery,
  summary: 'Lists the paths that are relayed to other services.',
  handle: async (context) => {
    const { endpoint_id: id, team_id: teamId } = context.query;
    return only(teamId === undefined ? all(context.services) : await ofTeam(context, teamId), id);
  },
});

export const listTeamEndpoints = adminRoute({
  method: 'GET',
  paths: ['/config/pass_through_endpoint/team/{team_id:path}'],
  action: 'team.see',
  query: teamEndpointsQuery,
  summary: 'Lists the relayed paths that a team may use.',
  about: async (context) => {
    const id = context.params['team_id']!;
    return [ownedBy(id, await findTeam(context, id))];
  },
  handle: async (context) => only(await ofTeam(context, context.params['team_id']!), context.query.endpoint_id),
});

/** No two of one path or id. @throws SluiceError `invalid_request` */
const demandFree = (services: Services, others: readonly Endpoint[], endpoint: Endpoint): void => {
  refuseOwned(services, endpointsPath, pathOfEndpoint(endpoint));
  if (others.some((each) => pathOfEndpoint(each) === pathOfEndpoint(endpoint)))
    throw new SluiceError('invalid_request', `There is already an endpoint at ${pathOfEndpoint(endpoint)}.`, { param: 'path' });
  if (others.some((each) => idOf(each) === idOf(endpoint)))
    throw new SluiceError('invalid_request', `There is already an endpoint with the id '${idOf(endpoint)}'.`, { param: 'id' });
};

export const createEndpoint = adminRoute({
  method: 'POST',
  paths: ['/config/pass_through_endpoint'],
  action: 'settings.write',
  body: newEndpoint,
  summary: 'Has a path relayed to another service.',
  handle: async ({ body, store, services, actor }) => {
    const { is_from_config: _is, ...given } = body;
    const endpoint: Endpoint = { ...filled(given), id: body.id ?? crypto.randomUUID() };
    await writeSetting({ store, services, actor }, endpointsPath, (before) => {
      demandFree(services, asList(before), endpoint);
      return [...asList(before), endpoint];
    });
    await haveLive(services);
    return { endpoints: [shown(endpoint, false)] };
  },
});

export const updateEndpoint = adminRoute({
  method: 'POST',
  paths: ['/config/pass_through_endpoint/{endpoint_id:path}'],
  action: 'settings.write',
  body: changedEndpoint,
  summary: 'Changes a relayed path. What is not named is not touched; null is the default.',
  handle: async ({ body, params, store, services, actor }) => {
    const id = params['endpoint_id']!;
    refuseFileEndpoint(services, id);
    let after: Endpoint = {};
    await writeSetting({ store, services, actor }, endpointsPath, (before) => {
      const index = asList(before).findIndex((each) => idOf(each) === id);
      if (index === -1) throw noEndpoint(id);
      after = changed(asList(before)[index]!, body);
      const others = asList(before).filter((_, at) => at !== index);
      demandFree(services, others, after);
      return asList(before).map((each, at) => (at === index ? after : each));
    });
    await haveLive(services);
    return { endpoints: [shown(after, false)] };
  },
});

export const deleteEndpoint = adminRoute({
  method: 'DELETE',
  paths: ['/config/pass_through_endpoint'],
  action: 'settings.write',
  query: endpointDelete,
  summary: 'Has a path relayed no more.',
  handle: async ({ query: { endpoint_id: id }, store, services, actor }) => {
    refuseFileEndpoint(services, id);
    let gone: Endpoint | undefined;
    await writeSetting({ store, services, actor }, endpointsPath, (before) => {
      gone = asList(before).find((each) => idOf(each) === id);
      if (!gone) throw noEndpoint(id);
      const rest = asList(before).filter((each) => idOf(each) !== id);
      return rest.length > 0 ? rest : undefined;
    });
    await haveLive(services);
    return { endpoints: [shown(gone!, false)] };
  },
});

/** A mask in its headers is what is there already. */
const changed = (before: Endpoint, { is_from_config: _is, ...change }: Endpoint): Endpoint => {
  const next: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) continue;
    if (value === null) delete next[name];
    else if (name === 'headers') next[name] = withKept(value as Endpoint, (before['headers'] ?? {}) as Endpoint);
    else next[name] = value;
  }
  return { ...next, id: idOf({ ...before, ...next }) };
};

const withKept = (headers: Endpoint, before: Endpoint): Endpoint =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value === mask && before[name] !== undefined ? before[name] : value]),
  );

const refuseFileEndpoint = (services: Services, id: string): void => {
  const written = asList(services.snapshot().origin?.written(endpointsPath.split('.')));
  const found = written.find((each) => idOf(each) === id);
  if (found) refuseOwned(services, endpointsPath, pathOfEndpoint(found));
};

const noEndpoint = (id: string): SluiceError => new SluiceError('not_found', `There is no relayed path with the id '${id.slice(0, 200)}'.`);
