import type { Affinity } from '../affinity.ts';
import type { DeploymentById } from './account.ts';
import { encryptedContentAffinity } from './encrypted-content.ts';
import { promptCacheAffinity } from './prompt-cache.ts';
import { sessionAffinity } from './session.ts';
import type { StickyOptions } from './sticky.ts';
import { userAffinity } from './user.ts';

export { homeFilter } from './home.ts';

/** What keeps calls together, each where it is switched on. */
export interface AffinitySwitches extends Readonly<Record<AffinityKind, boolean>> {
  /** How long calls stay where they had to move to, in milliseconds. */
  readonly ttlMs: number;
  /** For these names these hold instead: what is absent is off. */
  readonly byModel: Readonly<Record<string, Partial<Record<AffinityKind, boolean>>>>;
}

type AffinityKind = 'session' | 'promptCaching' | 'user';

/**
 * Those that are on for any name, and that of encrypted reasoning, which concerns no call without it. The first that has a wish is heard: what cannot be read elsewhere goes before what the
 * client says, and that before what is guessed (LiteLLM's order did not say so: github.com/BerriAI/litellm/issues/29733,
 * read 2026-11-22).
 */
export const affinitiesOf = <P>({ byModel, ttlMs, ...on }: AffinitySwitches, byId: DeploymentById<P>): Affinity<P>[] => {
  const factories: Readonly<Record<AffinityKind, (options: StickyOptions) => Affinity<P>>> = {
    session: sessionAffinity,
    promptCaching: promptCacheAffinity,
    user: userAffinity,
  };
  const switched = (Object.keys(factories) as AffinityKind[]).flatMap((kind) => {
    const named = new Map(Object.entries(byModel).map(([name, switches]) => [name, switches[kind] ?? false]));
    if (!on[kind] && ![...named.values()].includes(true)) return [];
    return [factories[kind]({ ttlMs, ...(named.size > 0 && { applies: (name: string) => named.get(name) ?? on[kind] }) })];
  });
  return [encryptedContentAffinity(byId), ...switched];
};
