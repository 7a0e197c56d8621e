import { keySubject } from '../../access/keys/key-subject.ts';
import { refusalOf } from '../../limits/index.ts';
import type { CallState } from '../call-state.ts';
import { demandModel } from '../model-rights.ts';
import { admitShared, mayGoElsewhere } from '../priority/index.ts';
import type { Governed, Governor } from './governor.ts';

/**
 * Lets a call in; or, where a budget of its key is spent and the key says what is to happen then, lets it in another way:
 *
 * - the key's own budget, and `throttle_on_budget_exceeded`: at a share of the key's rates (`budget_exceeded_throttle_percentage`),
 *   if it has any. A key without rates is refused, as it would not be slowed down at all
 *   (github.com/BerriAI/litellm/pull/31300, read 2026-11-22);
 * - its budget for the model (`model_max_budget`), and `budget_fallbacks` for that model: by the first of those models that the
 *   caller may use and that has room (docs.litellm.ai/docs/proxy/budget_fallbacks, 2026-10-09). Else the first refusal holds.
 *
 * Where too many want its model, it is let in for the model's fallbacks, if there may be any (`admitShared`).
 * @throws SluiceError as `Governor.admit` does, or a promise that fails with it
 */
export const admitOr = (state: CallState, governor: Governor, governed: Governed): Promise<void> | undefined =>
  mayGoElsewhere(state, governed)
    ? admitShared(state, governed, (again) => admitKeyOr(state, governor, again))
    : admitKeyOr(state, governor, governed);

const admitKeyOr = (state: CallState, governor: Governor, governed: Governed): Promise<void> | undefined => {
  const key = state.principal?.key?.data;
  // Nearly all keys: nothing is caught.
  if (!key || (!key.budget_fallbacks && !key.throttle_on_budget_exceeded)) return governor.admit(state, governed);
  return admitKey(state, governor, governed);
};

const admitKey = async (state: CallState, governor: Governor, governed: Governed): Promise<void> => {
  try {
    await governor.admit(state, governed);
  } catch (error) {
    const next = othersOf(state, governed, error);
    for (const { budgetModel, ...more } of next) {
      try {
        if (budgetModel !== undefined) {
          demandModel(state, budgetModel);
          state.budgetModel = budgetModel;
        }
        await governor.admit(state, { ...governed, ...more });
        return;
      } catch (other) {
        delete state.budgetModel;
        // Slowed down, a call is refused by a rate, which says when to come again.
        if (more.throttled) throw other;
      }
    }
    throw error;
  }
};

type Other = Pick<Governed, 'model' | 'throttled'> & { readonly budgetModel?: string };

/** Other ways to let a call in that was refused. */
const othersOf = ({ principal, live }: CallState, { model }: Governed, error: unknown): readonly Other[] => {
  const limit = refusalOf(error)?.limit;
  const key = principal!.key!;
  const { data } = key;
  const subject = keySubject(key);
  if (limit?.metric !== 'cost') return [];
  if (limit.subject === subject) {
    const slows = data.throttle_on_budget_exceeded && live.snapshot.budgets.throttledShare !== undefined;
    return slows && (data.rpm_limit != null || data.tpm_limit != null) ? [{ model, throttled: true }] : [];
  }
  const prefix = `${subject}/model:`;
  if (model === undefined || !limit.subject.startsWith(prefix)) return [];
  const limited = limit.subject.slice(prefix.length);
  const chainOf = (name: string) =>
    data.budget_fallbacks && Object.hasOwn(data.budget_fallbacks, name) ? data.budget_fallbacks[name] : undefined;
  const chain = chainOf(model) ?? chainOf(limited) ?? [];
  return chain.filter((name) => name !== model && name !== limited).map((name) => ({ model: name, budgetModel: name }));
};
