import type { UnpricedCalls } from '../../config/gateway-budget.ts';
import { nanodollars } from './subject-limits.ts';

/**
 * What a call of a model without a price is charged (`sluice_settings.budgets.unpriced`), in nano-dollars; else
 * nothing, and that its cost is unknown is written beside it (FP-25).
 * @param tokens input and output together
 */
export const unpricedNanodollars = (rules: UnpricedCalls, tokens: number): number =>
  rules.policy !== 'refuse' ? nanodollars(rules.usdPerCall) + Math.ceil(tokens * rules.usdPerMillionTokens * 1000) : 0;
