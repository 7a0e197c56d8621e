import { SluiceError } from 'sluice/kit';
import type { Directory } from '../../access/directory/directory.ts';
import type { Limits } from '../../access/records/records.ts';
import type { Stored } from '../../access/store/stored.ts';
import type { ConfigSnapshot } from '../../config/snapshot.ts';
import type { Limit } from '../../limits/index.ts';
import { limitsOfSubject, spenderOfSubject, type LimitRules, type Spender } from './subject-limits.ts';

/** Names in requests are the clients' to make up: longer ones, and more of them, are nobody's. */
const maxNameLength = 256;
const maxTags = 64;

const sharedOf = async (directory: Directory, limits: Limits, otherwise?: string): Promise<Limits | undefined> => {
  const id = limits.budget_id ?? otherwise;
  return id == null ? undefined : (await directory.budgets.get(id))?.data;
};

const limitsOf = async (
  directory: Directory,
  [subject, label]: readonly [string, string],
  stored: Stored<Limits> | undefined,
  { names: [model, ...others], rules, otherwise, usual, spenders }: LimitsOptions,
): Promise<Limit[]> => {
  const limits = stored?.data ?? usual ?? {};
  const shared = await sharedOf(directory, limits, otherwise);
  const limited = { subject, label, limits, shared, startedAt: stored?.createdAt ?? 0 };
  spenders.push(spenderOfSubject(limited, rules.timeZone));
  return limitsOfSubject(limited, model, rules, others);
};

/** A model's name, and its others (`otherNamesOf`). */
type Names = readonly [model: string, ...others: readonly string[]];

interface LimitsOptions {
  readonly names: Names;
  readonly rules: LimitRules;
  /** The shared budget of those that name none. */
  readonly otherwise?: string | undefined;
  /** The limits of those that are not known. */
  readonly usual?: Limits;
  readonly spenders: Spender[];
}

/**
 * The limits of an end user, known or not: who is not has what the settings say for all.
 * @param spenders gets whose spend it is
 * @throws SluiceError `permission_denied` for one that is blocked
 */
export const customerLimits = async (
  directory: Directory,
  customerId: string,
  names: Names,
  { budgets: rules, users: { customerMaxBudgetUsd, customerBudgetId } }: ConfigSnapshot,
  spenders: Spender[],
): Promise<Limit[]> => {
  if (customerId.length > maxNameLength)
    throw new SluiceError('invalid_request', `'user' is longer than ${maxNameLength} characters.`, { param: 'user' });
  const stored = await directory.customers.get(customerId);
  if (stored?.data.blocked)
    throw new SluiceError('permission_denied', `The end user ${JSON.stringify(customerId)} is blocked.`, {
      param: 'user',
      type: 'auth_error',
    });
  if (!stored && customerMaxBudgetUsd === undefined && customerBudgetId === undefined) return [];
  return limitsOf(directory, [`customer:${customerId}`, `end user "${customerId}"`], stored, {
    names,
    rules,
    otherwise: customerBudgetId,
    spenders,
    usual: { ...(customerMaxBudgetUsd !== undefined && { max_budget: customerMaxBudgetUsd }) },
  });
};

/** The limits of a request's tags, of those that are known. @param spenders gets whose spend it is */
export const tagLimits = async (
  directory: Directory,
  tags: readonly string[],
  names: Names,
  rules: LimitRules,
  spenders: Spender[],
): Promise<Limit[]> => {
  const all: Limit[] = [];
  for (const tag of new Set(tags.slice(0, maxTags))) {
    if (tag.length > maxNameLength) continue;
    const stored = await directory.tags.get(tag);
    if (!stored) continue;
    all.push(...(await limitsOf(directory, [`tag:${tag}`, `tag "${tag}"`], stored, { names, rules, spenders })));
  }
  return all;
};
