/** Days and hours are counted since 1970, in UTC. */

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** @param at Unix milliseconds */
export const dayOf = (at: number): number => Math.floor(at / dayMs);
export const hourOf = (at: number): number => Math.floor(at / hourMs);
