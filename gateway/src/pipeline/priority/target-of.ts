import type { CallState } from '../call-state.ts';
import { routedName } from '../model-rights.ts';
import { nameUnder } from '../named-by-path.ts';

/** What says which model a call goes to. */
export type Targeted = Pick<CallState, 'live' | 'routed' | 'shaped' | 'principal' | 'pathProvider' | 'budgetModel'>;

/** The model name whose deployments a call asks first. @param model as its caller names it, past the caller's own aliases */
export const targetOf = ({ routed, shaped, principal, pathProvider, budgetModel, live }: Targeted, model: string): string =>
  budgetModel === undefined
    ? (routed?.model ?? shaped?.model ?? nameUnder(pathProvider, routedName(principal, model, live), live))
    : routedName(principal, budgetModel, live);
