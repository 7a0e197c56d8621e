import type { Affinity } from '../affinity.ts';
import type { DeploymentById } from './account.ts';
import { encryptedContentAffinity } from './encrypted-content.ts';
import { promptCacheAffinity } from './prompt-cache.ts';
import { sessionAffinity } from './session.ts';
import { userAffinity } from './user.ts';

/** What keeps calls together, each where it is switched on. */
export interface AffinitySwitches {
  readonly promptCaching: boolean;
  readonly session: boolean;
  readonly user: boolean;
  /** How long calls stay where they had to move to, in milliseconds. */
  readonly ttlMs: number;
  /** For these names other switches than the above hold. */
  readonly byModel: Readonly<Record<string, Partial<Record<AffinityKind, boolean>>>>;
}

type AffinityKind = 'session' | 'promptCaching' | 'user';

const factories = { session: sessionAffinity, promptCaching: promptCacheAffinity, user: userAffinity } as const;

/**
 * Those that are on for any name. The first that has a wish is heard: what would fail elsewhere goes before what the
 * client says, and that before what is guessed. Encrypted content is always looked at: it concerns no call without it.
 */
export const affinitiesOf = <P>({ byModel, ttlMs, ...on }: AffinitySwitches, byId: DeploymentById<P>): Affinity<P>[] => {
  const made: Affinity<P>[] = [encryptedContentAffinity(byId)];
  for (const kind of Object.keys(factories) as AffinityKind[]) {
    const named = new Map(Object.entries(byModel).map(([name, switches]) => [name, switches[kind] ?? false]));
    if (!on[kind] && ![...named.values()].includes(true)) continue;
    made.push(factories[kind]<P>({ ttlMs, ...(named.size > 0 && { applies: (name) => named.get(name) ?? on[kind] }) }));
  }
  return made;
};
