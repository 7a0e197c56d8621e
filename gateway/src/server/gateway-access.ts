import { SluiceError } from 'sluice/kit';
import { AddressList, clientAddressOf } from '../access/client-address.ts';
import type { Authenticate, Caller } from '../access/caller.ts';
import { Directory } from '../access/directory/directory.ts';
import { KeyPrincipals } from '../access/directory/key-principals.ts';
import { createIdentify, type Identify } from '../access/identify.ts';
import { isPlainPath, keyTypeRoutes, routeAllowed } from '../access/keys/route-groups.ts';
import { permits, type Action } from '../access/permissions.ts';
import type { Principal } from '../access/principal.ts';
import { relationsTo } from '../access/relations.ts';
import { Store } from '../access/store/store.ts';
import { UnknownKeys } from '../access/unknown-keys.ts';
import type { AccessSettings } from '../config/snapshot.ts';
import { fileTeams } from '../config/team-settings.ts';
import type { Live } from '../pipeline/live.ts';
import type { Database } from '../storage/sql/index.ts';
import { denied } from './admin/context.ts';

export interface GatewayAccessOptions {
  /** Absent: there is the master key, and nobody else. */
  readonly database?: Database | undefined;
  readonly live: () => Live;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Ways to show who one is beside keys, in the order in which they are tried. */
  readonly others: (settings: AccessSettings) => readonly Authenticate[];
}

/** Who calls, and which routes they may call: everything that is asked before a handler runs. */
export interface GatewayAccess {
  readonly store: Store | undefined;
  readonly directory: Directory | undefined;
  readonly identify: Identify;
  /** @throws SluiceError `permission_denied` @param relay the path is a provider's own */
  demandRoute(principal: Principal, path: string, relay: boolean): void;
  /** For what belongs to nobody but the proxy. @throws SluiceError `permission_denied` */
  demandAction(principal: Principal, action: Action): void;
  /** @throws SluiceError `permission_denied` where nobody may call from there */
  demandAddress(address: () => string | undefined): void;
  /** Whether the configuration lets anybody call it. */
  isOpen(path: string): boolean;
  /** @param socket the address of the connection */
  addressOf(socket: string | undefined, headers: Headers): string | undefined;
  close(): void;
}

export const createGatewayAccess = ({ database, live, now, others }: GatewayAccessOptions): GatewayAccess => {
  const store = database && new Store(database, now);
  const settings = () => live().snapshot.access;
  const directory =
    store &&
    new Directory({
      store,
      now,
      freshMs: settings().cacheFreshMs,
      staleMs: settings().outageGraceMs,
      fileTeams: () => fileTeams(live().snapshot),
    });
  const unknown = new UnknownKeys({ now });
  const stopListening = store?.onChanged((kind, id) => {
    if (kind === undefined) unknown.forgetAll();
    else if (kind === 'key') unknown.forget(id);
  });
  const identify = createIdentify({
    isMaster: (presented) => live().isMasterKey(presented),
    keys: directory && new KeyPrincipals(directory, now),
    unknown,
    others: () => others(settings()),
    now,
  });
  const lists = listsOf();
  return {
    store,
    directory,
    identify,
    demandRoute(principal, path, relay) {
      if (principal.kind === 'master') return;
      const { allowedRoutes, adminOnlyRoutes } = settings();
      if (allowedRoutes.length > 0 && !routeAllowed(allowedRoutes, path, relay)) throw notServed(path);
      // What could be read as another path is in no list, and so it could be one of these.
      const isAdmins = adminOnlyRoutes.length > 0 && (!isPlainPath(path) || routeAllowed(adminOnlyRoutes, path, relay));
      if (principal.role !== 'proxy_admin' && isAdmins)
        throw new SluiceError('permission_denied', `Only proxy admins may call ${path.slice(0, 200)}.`, { type: 'auth_error' });
      demandOwnRoutes(principal, path, relay);
    },
    demandAction(principal, action) {
      if (
        principal.kind === 'master' ||
        permits(
          action,
          relationsTo(principal, {}, () => false),
        )
      )
        return;
      throw denied(action);
    },
    demandAddress(address) {
      const { allowedIps } = settings();
      if (allowedIps.length > 0 && !lists(allowedIps).has(address()))
        throw new SluiceError('permission_denied', 'This address may not call the gateway (general_settings.allowed_ips).', {
          type: 'auth_error',
        });
    },
    isOpen(path) {
      const { publicRoutes } = settings();
      return publicRoutes.length > 0 && routeAllowed(publicRoutes, path);
    },
    addressOf(socket, headers) {
      const { useForwardedFor, trustedProxies } = settings();
      return clientAddressOf(socket, headers, { useForwarded: useForwardedFor, trustedProxies: lists(trustedProxies) });
    },
    close() {
      stopListening?.();
      directory?.close();
    },
  };
};

/** Routes that a key or a token is for, whatever its owner may. @throws SluiceError `permission_denied` */
const demandOwnRoutes = ({ key, team, tokenRoutes }: Principal, path: string, relay: boolean): void => {
  const own = key?.data.allowed_routes;
  const ofType = key?.data.key_type == null ? [] : keyTypeRoutes[key.data.key_type];
  const allowed = own?.length ? own : ofType;
  const relayed = relay ? [...(key?.data.allowed_passthrough_routes ?? []), ...(team?.data.allowed_passthrough_routes ?? [])] : [];
  const mayByKey = allowed.length === 0 || routeAllowed(allowed, path, relay) || (relayed.length > 0 && routeAllowed(relayed, path, relay));
  const mayByToken = tokenRoutes === undefined || routeAllowed(tokenRoutes, path, relay);
  if (!mayByKey || !mayByToken)
    throw new SluiceError('permission_denied', `This ${mayByKey ? 'token' : 'key'} is not for ${path.slice(0, 200)}.`, {
      type: 'auth_error',
    });
};

const notServed = (path: string) =>
  new SluiceError('permission_denied', `${path.slice(0, 200)} is not served here (general_settings.allowed_routes).`, {
    type: 'auth_error',
  });

/** Made once for each list of a configuration, which is never changed. */
const listsOf = () => {
  const known = new WeakMap<readonly string[], AddressList>();
  return (entries: readonly string[]): AddressList => {
    let list = known.get(entries);
    if (!list) known.set(entries, (list = new AddressList(entries)));
    return list;
  };
};

/** What `Identify` needs of a request, without a closure for each. */
export class RequestCaller implements Caller {
  readonly presented: string | undefined;
  readonly path: string;
  readonly address: () => string | undefined;
  readonly peer: () => string | undefined;
  readonly #request: Request;

  constructor(
    request: Request,
    path: string,
    presented: string | undefined,
    address: () => string | undefined,
    peer: () => string | undefined,
  ) {
    this.peer = peer;
    this.#request = request;
    this.path = path;
    this.presented = presented;
    this.address = address;
  }

  get headers(): Headers {
    return this.#request.headers;
  }

  get method(): string {
    return this.#request.method;
  }
}
