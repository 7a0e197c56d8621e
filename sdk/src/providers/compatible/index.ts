import type { Provider } from '../../types/index.ts';
import { rows as aToC } from './a-c.ts';
import { rows as dToG } from './d-g.ts';
import { rows as hToM } from './h-m.ts';
import { rows as nToQ } from './n-q.ts';
import { rows as rToT } from './r-t.ts';
import { providerOf } from './row.ts';
import { rows as uToZ } from './u-z.ts';

/**
 * Vendors and servers that speak OpenAI's formats, in alphabetical order: a row each. `quirks` name what a vendor is known
 * to refuse; what it is not known to refuse is sent, and its own answer stands.
 */
export const compatible: readonly Provider[] = [aToC, dToG, hToM, nToQ, rToT, uToZ].flatMap((rows) =>
  Object.entries(rows).map(([id, row]) => providerOf(id, row)),
);

export { leftOut } from './left-out.ts';
export { functionsOnly } from './row.ts';
