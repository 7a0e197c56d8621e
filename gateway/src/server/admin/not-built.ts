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

/** Members of metadata that say how limits are to be. */
const limitsInMetadata = z.looseObject({
  shadow_limits: z.boolean({ error: 'must be true or false' }).nullish(),
  max_iterations: z.int().min(0, { error: 'must be a whole number of 0 or more' }).nullish(),
  max_budget_per_session: z.number().min(0, { error: 'must be 0 or more US dollars' }).nullish(),
  require_trace_id_on_calls_by_agent: z.boolean({ error: 'must be true or false' }).nullish(),
});

/** Metadata, without the members of it that would ask for what is not built. @param json what metadata is */
export const withoutLogging = <T extends z.ZodType<Record<string, unknown>>>(json: T) =>
  json
    .superRefine((value, context) => {
      const [issue] = limitsInMetadata.safeParse(value).error?.issues ?? [];
      if (issue) context.addIssue({ code: 'custom', path: issue.path as string[], message: issue.message });
    })
    .refine((value) => isEmpty(value['logging']) && isEmpty(value['guardrails']) && isEmpty(value['policies']), {
      error: 'must not have `logging`, `guardrails` or `policies`, which are not built yet in this gateway',
    });
