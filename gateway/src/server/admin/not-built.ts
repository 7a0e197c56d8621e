import { z } from 'zod';

/** Nothing is asked for by it: LiteLLM's clients send such members empty. */
const isEmpty = (value: unknown): boolean => {
  if (value === undefined || value === null || value === false || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
};

/** A member that may be there, and must ask for nothing. It is not in what was read. @param error goes on after the member's name */
const refused = (error: string) =>
  z
    .unknown()
    .refine(isEmpty, { error })
    .transform(() => undefined)
    .optional();

const unbuilt = (what: string) => refused(`is for ${what} not built yet in this gateway: leave it out`);

/** For members whose value is worked out or kept elsewhere. @param why goes on after the member's name, and says what to do instead */
export const notTaken = (why: string) => refused(why);

const guardrails = unbuilt('guardrails, which are');
const policies = unbuilt('policies, which are');
const prompts = unbuilt('prompts, which are');
const mcp = unbuilt('MCP, which is');
const agents = unbuilt('agents, which are');
const cacheControls = unbuilt('the cache of answers, which is');
const mail = unbuilt('e-mail, which is');
const behindBudgets = unbuilt('what calls get when a budget is spent, which is');
const ofCustomers = unbuilt('the routing of end users, which is');

/** Members of keys, teams, users and the rest, by the name that LiteLLM has for them. Each thing picks its own. */
export const notBuilt = {
  guardrails,
  policies,
  prompts,
  disable_global_guardrails: guardrails,
  mcp_rpm_limit: mcp,
  allowed_cache_controls: cacheControls,
  secret_manager_settings: unbuilt('secret managers of a team, which are'),
  allowed_vector_store_indexes: unbuilt('indexes of vector stores, which are'),
  send_invite_email: mail,
  budget_fallbacks: behindBudgets,
  throttle_on_budget_exceeded: behindBudgets,
} as const;

const things = z.array(z.string().min(1).max(512)).max(10_000).nullish();

/** Customers' members of what is not built. */
export const notBuiltOfCustomers = {
  allowed_model_region: ofCustomers,
  default_model: ofCustomers,
  object_permission: unbuilt('what end users may use beside models, which is'),
} as const;

/** Bundles' members of what is not built. */
export const notBuiltInGroups = { access_mcp_server_ids: mcp, access_agent_ids: agents } as const;

/** What a thing may use beside models. */
export const objectPermission = z.strictObject({
  models: things,
  vector_stores: things,
  search_tools: things,
  mcp_servers: mcp,
  mcp_access_groups: mcp,
  mcp_tool_permissions: mcp,
  mcp_toolsets: mcp,
  mcp_tool_search_enabled: mcp,
  blocked_tools: mcp,
  agents,
  agent_access_groups: agents,
});

/** Metadata, without the members of it that would ask for what is not built. @param json what metadata is */
export const withoutLogging = <T extends z.ZodType<Record<string, unknown>>>(json: T) =>
  json.refine((value) => isEmpty(value['logging']) && isEmpty(value['guardrails']) && isEmpty(value['policies']), {
    error: 'must not have `logging`, `guardrails` or `policies`, which are not built yet in this gateway',
  });
