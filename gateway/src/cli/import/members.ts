import type { ZodType } from 'zod';
import type { Limits, ObjectPermission } from '../../access/records/records.ts';
import { budgetShape, limitsShape } from '../../server/admin/fields.ts';
import { approximate, notCarried } from './notes.ts';
import { defined, Row, saysNothing } from './row.ts';
import type { SourceRow } from './source.ts';

/** What several of LiteLLM's tables have in common. */

/** The limits that stand in columns. */
export const limitsOf = (row: Row): Limits => {
  row.ignore('budget_reset_at', 'soft_budget_cooldown');
  const limits: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries<ZodType>(budgetShape)) limits[name] = row.checked(name, schema) ?? undefined;
  limits['budget_limits'] = row.checked('budget_limits', limitsShape.budget_limits) ?? undefined;
  return defined(limits) as Limits;
};

/** Members that LiteLLM keeps in `metadata`, and that are members of their own here. */
const inMetadata = ['model_rpm_limit', 'model_tpm_limit'] as const;

const unbuilt = [
  'guardrails',
  'disable_global_guardrails',
  'opted_out_global_guardrails',
  'policies',
  'prompts',
  'logging',
  'secret_manager_settings',
  'mcp_rpm_limit',
];

export interface Metadata {
  /** What is the client's own. */
  readonly metadata: Record<string, unknown> | undefined;
  /** What is taken out of it. */
  take<T>(name: string, is: (value: unknown) => value is T): T | undefined;
  readonly limits: Limits;
}

/** Reads `metadata`, and takes out of it what has its own place here. Finish with `.metadata`, which has the rest. */
export const metadataOf = (row: Row): Metadata => {
  const rest = row.object('metadata') ?? {};
  for (const name of unbuilt) {
    if (!(name in rest)) continue;
    if (!saysNothing(rest[name])) row.notes.push(notCarried(`metadata.${name}`, 'it is not built here'));
    delete rest[name];
  }
  const limits: Record<string, unknown> = {};
  for (const name of inMetadata) {
    if (!(name in rest)) continue;
    const read = limitsShape[name].safeParse(rest[name]);
    if (read.success) limits[name] = read.data ?? undefined;
    else row.notes.push(notCarried(`metadata.${name}`, 'it is no table of limits by model'));
    delete rest[name];
  }
  return {
    limits: defined(limits) as Limits,
    take(name, is) {
      const value = rest[name];
      delete rest[name];
      if (is(value)) return value;
      if (!saysNothing(value)) row.notes.push(notCarried(`metadata.${name}`, 'its value is odd'));
      return undefined;
    },
    get metadata() {
      return saysNothing(rest) ? undefined : rest;
    },
  };
};

export const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string');
export const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
export const isAmount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
export const isMoment = (value: unknown): value is string => typeof value === 'string' && Number.isFinite(Date.parse(value));

/** The columns of dates and spend that every thing has. */
export const historyOf = (row: Row): { createdAt: number | undefined; createdBy: string | undefined; spentUsd: number | undefined } => {
  row.ignore('updated_at', 'updated_by');
  row.lose('what was spent on single models is not counted apart', 'model_spend');
  return { createdAt: row.moment('created_at'), createdBy: row.text('created_by'), spentUsd: row.number('spend') };
};

/** What the row's `object_permission_id` stands for. */
export const permissionOf = (row: Row, permissions: ReadonlyMap<string, SourceRow>): ObjectPermission | undefined => {
  const id = row.text('object_permission_id');
  if (id === undefined) return undefined;
  const found = permissions.get(id);
  if (!found) {
    row.notes.push(notCarried('object_permission_id', 'there is no such row'));
    return undefined;
  }
  const of = new Row(found);
  of.ignore('object_permission_id');
  // An empty list is LiteLLM's way to say nothing.
  const list = (name: string) => {
    const all = of.list(name);
    return all.length === 0 ? undefined : all;
  };
  const permission = defined({ models: list('models'), vector_stores: list('vector_stores'), search_tools: list('search_tools') });
  of.lose(
    'MCP and agents are not built here',
    'mcp_servers',
    'mcp_access_groups',
    'mcp_tool_permissions',
    'mcp_toolsets',
    'agents',
    'agent_access_groups',
    'blocked_tools',
  );
  for (const note of of.finish()) row.notes.push({ ...note, what: `object_permission.${note.what}` });
  return saysNothing(permission) ? undefined : (permission as ObjectPermission);
};

export { approximate, notCarried };
