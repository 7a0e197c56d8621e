import {
  createFilters,
  createRouter,
  targetOf,
  withProviders,
  type Env,
  type Provider,
  type Providers,
  type Router,
  type Target,
} from 'sluice/kit';
import { isRelayModel } from '../config/schema/kept-settings.ts';
import type { ConfigSnapshot, Deployment } from '../config/snapshot.ts';
import type { LoopGuard } from './loops.ts';
import { relayServices } from './relay-services.ts';

/** Whose address and key a relayed call has. */
export interface RelayTargets {
  /** A provider, or a service of another kind, by any of its names. */
  find(name: string): Provider | undefined;
  /** The deployments of a provider that are for relays too (`use_in_pass_through`), under the provider's id; undefined if there are none. */
  pool(provider: string): Router<Deployment> | undefined;
  /** The provider as the environment knows it. */
  fromEnv(provider: Provider): Target;
}

interface RelayWorld {
  snapshot: ConfigSnapshot;
  env: Env;
  loops: LoopGuard;
  providers: Providers;
  /** The deployment's provider; undefined where it cannot be called as things are. */
  providerOf(deployment: Deployment): string | undefined;
}

export const createRelayTargets = ({ snapshot, env, loops, providers: known, providerOf }: RelayWorld): RelayTargets => {
  // Behind those that there are: a provider of the configuration may have a service's name.
  const services = new Map(relayServices.map((service) => [service.id, service]));
  const providers: Providers = withProviders(
    known,
    relayServices.filter(({ id }) => !known.find(id)),
  );
  const marked = snapshot.deployments.filter(({ usedInPassThrough }) => usedInPassThrough);
  const pools = new Map<string, Router<Deployment> | undefined>();
  const targets = new Map<string, Target>();
  const makePool = (provider: string): Router<Deployment> | undefined => {
    const all = marked.filter((deployment) => providerOf(deployment) === provider);
    if (all.length === 0) return undefined;
    // What is for all relays is for those that no model's own deployment is for.
    const models = all.filter(({ modelName }) => !isRelayModel(modelName));
    const own = models.length > 0 ? models : all;
    return createRouter({
      deployments: own.map((deployment) => ({ ...deployment, name: provider, payload: deployment })),
      ...(snapshot.router.strategy !== undefined && { strategy: snapshot.router.strategy }),
      filters: createFilters(),
      numRetries: 0,
    });
  };
  return {
    find: (name) => known.find(name) ?? services.get(name),
    pool(provider) {
      // One for each provider that exists, so there is a bound.
      if (!pools.has(provider)) pools.set(provider, makePool(provider));
      return pools.get(provider);
    },
    fromEnv({ id, relay }) {
      let target = targets.get(id);
      if (!target) {
        const options = optionsFrom(relay?.optionsEnv ?? {}, env);
        targets.set(id, (target = loops.mark(targetOf({ model: 'relay', provider: id, options }, { providers, env }))));
      }
      return target;
    },
  };
};

const optionsFrom = (variables: Readonly<Record<string, readonly string[]>>, env: Env): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([option, names]) => {
      const found = names.map((name) => env[name]).find((value) => value !== undefined && value !== '');
      return found === undefined ? [] : [[option, found]];
    }),
  );
