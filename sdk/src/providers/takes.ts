import { dropPath, hasPath } from '../lib/drop-path.ts';
import { withoutSources } from './sources.ts';
import type { JsonObject, Takes, ToWireContext } from '../types/index.ts';

/**
 * A body without what its endpoint is known not to take: the very same object where it holds none of it.
 * @throws SluiceError `unsupported_parameter` for what cannot be left out in silence
 */
export const withhold = (
  body: JsonObject,
  { members, sources, edits, tools }: Takes,
  context: Pick<ToWireContext, 'drop' | 'lacks'>,
): JsonObject => {
  let kept = body;
  for (const path in members) {
    if (!hasPath(kept, path)) continue;
    if (members[path] === 'refuse') context.lacks(path);
    else context.drop(path, 'the provider does not take it');
    kept = dropPath(kept, path);
  }
  if (sources) kept = withoutSources(kept, sources, context);
  if (edits) kept = withoutEdits(kept, edits, context);
  return tools ? withoutTools(kept, tools, context) : kept;
};

/** What is cleared of a long conversation. Without any edit left the member goes as well. */
const withoutEdits = (body: JsonObject, kinds: readonly string[], { drop }: Pick<ToWireContext, 'drop'>): JsonObject => {
  const management = body['context_management'];
  if (!isObject(management) || !Array.isArray(management['edits'])) return body;
  const asked = management['edits'] as unknown[];
  const kindOf = (edit: unknown): string => (isObject(edit) ? String(edit['type']) : '');
  const taken = asked.filter((edit) => matches(kindOf(edit), kinds));
  if (taken.length === asked.length) return body;
  for (const edit of asked) if (!taken.includes(edit)) drop(`context_management.edits: ${kindOf(edit)}`, 'the provider does not take it');
  const { context_management: _all, ...rest } = body;
  return taken.length > 0 ? { ...rest, context_management: { ...management, edits: taken } } : rest;
};

const withoutTools = (body: JsonObject, kinds: readonly string[], { lacks }: Pick<ToWireContext, 'lacks'>): JsonObject => {
  const declared = body['tools'];
  if (!Array.isArray(declared)) return body;
  const taken = declared.filter((tool: unknown) => {
    const type = isObject(tool) ? tool['type'] : undefined;
    return typeof type !== 'string' || matches(type, kinds);
  });
  if (taken.length === declared.length) return body;
  for (const tool of declared as JsonObject[]) if (!taken.includes(tool)) lacks(`tools: ${String(tool['type'])}`);
  const { tools: _tools, tool_choice: choice, ...rest } = body;
  const names = new Set(taken.map((tool: JsonObject) => nameOf(tool)));
  const choosable = taken.length > 0 && (!isObject(choice) || nameOf(choice) === undefined || names.has(nameOf(choice)));
  return {
    ...rest,
    ...(taken.length > 0 && { tools: taken }),
    ...(choosable && choice !== undefined && { tool_choice: choice }),
  };
};

/** OpenAI's chat format holds the name one level down. */
const nameOf = (tool: JsonObject): unknown => tool['name'] ?? (isObject(tool['function']) ? tool['function']['name'] : undefined);

/** Leaves out flags of `anthropic-beta` that the endpoint is not known to take. Changes `headers`. */
export const withholdBetas = (
  headers: Record<string, string>,
  { betas, betaNames }: Takes,
  { drop }: Pick<ToWireContext, 'drop'>,
): void => {
  const given = headers['anthropic-beta'];
  if (betas === undefined || given === undefined) return;
  const kept: string[] = [];
  for (const each of given.split(',')) {
    const asked = each.trim();
    const flag = betaNames?.[asked] ?? asked;
    if (flag === '' || kept.includes(flag)) continue;
    if (matches(flag, betas)) kept.push(flag);
    else drop(`anthropic-beta: ${flag}`, 'the provider does not know this flag');
  }
  if (kept.length > 0) headers['anthropic-beta'] = kept.join(',');
  else delete headers['anthropic-beta'];
};

const matches = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
