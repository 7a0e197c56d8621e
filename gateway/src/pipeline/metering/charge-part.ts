import type { CallFacts, SluiceError } from 'sluice/kit';
import type { CallState } from '../call-state.ts';
import { recordOf } from '../record.ts';
import { routingCharges } from '../routing-spend.ts';
import { spendEventOf, usedOf } from '../spend-event.ts';

/**
 * Charges a part of a call that goes on: its row is written at once, so that a killed process loses nothing of it, and it counts
 * against limits and budgets. The call's own row has none of it.
 * @param facts of the part alone, with its usage
 * @returns what to say where a budget has no room for more of the call; or a promise of that
 */
export const chargePart = (state: CallState, facts: CallFacts): Promise<SluiceError | undefined> | SluiceError | undefined => {
  const { live, deployment, wishes, clock, books, governor } = state;
  state.itemized = true;
  // Worked out of the part: what is known of the call is left as it is.
  const { cost: _cost, ...rest } = state;
  const part: CallState = { ...rest, facts, metered: false };
  const record = recordOf(part, facts.status, undefined);
  const at = clock();
  books?.record(spendEventOf(record, at, state, routingCharges(live, deployment, wishes, at)));
  return governor?.chargePart(state, usedOf(record));
};
