import type { ResourceKind } from 'sluice/kit';
import type { Live } from '../pipeline/live.ts';
import { canRelay, endpointRelay, providerRelay, type Relay } from './pass-through/relay.ts';
import { fixedPaths, type RouteMatch } from './paths.ts';
import { realtimeDoor, type RealtimeDoor } from './realtime/door.ts';
import { ownersOf } from './resources/owners.ts';
import { matchRoute, routeRules } from './routes.ts';
import { usualProvider } from './usual-provider.ts';

/** The calls beside OpenAI's conversations: short-lived keys, and calls over WebRTC and SIP. */
const besideRealtime = /^(?:\/openai)?(?:\/v1)?(\/realtime\/(?:client_secrets|calls|sessions|transcription_sessions)(?:\/.*)?)$/;

/** Who answers a path. */
export interface FoundRoute extends RouteMatch {
  methods: readonly string[];
  /** Where it is relayed to, or may be if the gateway's own models cannot answer. */
  relay?: Relay;
  /** Where it is a conversation. */
  door?: RealtimeDoor;
  /** Anybody may call it. */
  open: boolean;
}

/**
 * The configuration's own paths come first, then the gateway's, then those that are a provider's name and something
 * behind it. A path under a provider's name that the gateway serves itself is relayed with the methods that it lacks.
 */
export const findRoute = (path: string, method: string, live: Live): FoundRoute | undefined => {
  // Fixed paths are few, and nearly all calls are for one of them.
  if (!fixedPaths.has(path)) return lookFor(path, method, live);
  let ofLive = known.get(live);
  if (!ofLive) known.set(live, (ofLive = new Map()));
  const key = `${method} ${path}`;
  const found = ofLive.get(key);
  if (found || ofLive.has(key)) return found;
  const made = lookFor(path, method, live);
  if (ofLive.size < maxKnown) ofLive.set(key, made);
  return made;
};

/** Fixed paths with each method that anybody uses. */
const maxKnown = 5000;
const known = new WeakMap<Live, Map<string, FoundRoute | undefined>>();

const lookFor = (path: string, method: string, live: Live): FoundRoute | undefined => {
  const endpoint = endpointRelay(path, live);
  if (endpoint?.to.kind === 'endpoint') {
    const { methods, auth } = endpoint.to.endpoint;
    return { route: 'pass_through', methods: methods ?? routeRules.pass_through.methods, relay: endpoint, open: !auth };
  }
  const door = realtimeDoor(path, live);
  if (door) return { route: 'realtime', methods: ['GET'], door, open: false };
  const beside = besideRealtime.exec(path)?.[1];
  if (beside !== undefined) {
    const provider = live.relays.find(usualProvider);
    const relay: Relay | undefined = provider && { prefix: '', path: `/v1${beside}`, to: { kind: 'provider', provider } };
    if (relay) return { route: 'pass_through', methods: ['POST'], relay, open: false };
  }
  const match = matchRoute(path);
  const relay = providerRelay(path, live);
  if (match) {
    const rule = routeRules[match.route];
    const methods = match.resource?.methods ?? rule.methods;
    const kind = match.resource?.kind;
    const elsewhere = relay && kind !== undefined && (isItsOwn(kind, relay, live) || isNobodys(kind, relay, live));
    const mine = !relay || methods.includes(method) || !canRelay(relay, live);
    if (!elsewhere && mine) return { ...match, methods, open: rule.public === true, ...(relay && { relay }) };
  }
  return relay && { route: 'pass_through', methods: routeRules.pass_through.methods, relay, open: false };
};

/** What the provider's own API has at the same path, for its own clients. OpenAI's clients ask at `/v1`. */
const isItsOwn = (kind: ResourceKind, relay: Relay, live: Live): boolean =>
  relay.to.kind === 'provider' && relay.to.provider.relay?.ownKinds?.includes(kind) === true && canRelay(relay, live);

/** What a provider keeps, where no deployment of that provider is configured: its relay has the one key that could be meant. */
const isNobodys = (kind: ResourceKind, relay: Relay, live: Live): boolean => {
  const { to } = relay;
  if (to.kind !== 'provider' || ownersOf(live, kind).some((each) => live.providerOf(each) === to.provider.id)) return false;
  return canRelay(relay, live);
};
