import type { BudgetRecord, TagRecord } from '../../../access/records/records.ts';
import type { Stored } from '../../../access/store/stored.ts';
import type { ConfigSnapshot } from '../../../config/snapshot.ts';
import { budgetTable, iso, limitsShown } from '../answer-parts.ts';

/** What a tag's answer needs beside its record. */
export interface TagFacts {
  readonly snapshot: ConfigSnapshot;
  readonly budget: Stored<BudgetRecord> | undefined;
  readonly spentUsd: number;
  readonly now: number;
}

export const tagSubject = (name: string): string => `tag:${name}`;

export const tagShown = (
  { id, data, createdAt, createdBy, updatedAt }: Stored<TagRecord>,
  { snapshot, budget, spentUsd, now }: TagFacts,
) => ({
  name: id,
  description: data.description ?? null,
  models: data.models,
  model_info: modelInfo(data.models, snapshot),
  budget_id: data.budget_id ?? null,
  ...limitsShown(data, createdAt, now, snapshot.budgets.timeZone),
  litellm_budget_table: budgetTable(data, createdAt, budget, now, snapshot.budgets.timeZone),
  spend: spentUsd,
  created_at: iso(createdAt),
  created_by: createdBy ?? null,
  updated_at: iso(updatedAt),
});

/** Ids of deployments among a tag's models -> the names that they are asked for by. */
const modelInfo = (models: readonly string[], { deployments }: ConfigSnapshot): Readonly<Record<string, string>> => {
  const named = new Set(models);
  return Object.fromEntries(deployments.filter(({ id }) => named.has(id)).map(({ id, modelName }) => [id, modelName]));
};

/** A tag that nobody has made: calls came with it. */
export const spendTagShown = ({
  name,
  firstAt,
  lastAt,
  spentUsd,
}: {
  name: string;
  firstAt: number;
  lastAt: number;
  spentUsd: number;
}) => ({
  name,
  description: 'Came with requests. It has no limits and chooses no models.',
  models: null,
  model_info: null,
  budget_id: null,
  litellm_budget_table: null,
  spend: spentUsd,
  created_at: iso(firstAt),
  created_by: null,
  updated_at: iso(lastAt),
});
