import type { Claimant } from './claimant.ts';

const maxKnown = 20_000;

/** The same object for claimants that say the same, so that what was worked out of one holds for the next. */
export const rememberedClaimants = (): ((claimant: Claimant) => { readonly id: string; readonly claimant: Claimant }) => {
  const known = new Map<string, { readonly id: string; readonly claimant: Claimant }>();
  return (claimant) => {
    const id = JSON.stringify(claimant);
    let found = known.get(id);
    if (!found) {
      if (known.size >= maxKnown) known.delete(known.keys().next().value!);
      known.set(id, (found = { id, claimant }));
    }
    return found;
  };
};
