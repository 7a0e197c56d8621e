import { z } from 'zod';
import { AddressList } from '../../../access/client-address.ts';
import { isRouteName } from '../../../access/keys/route-groups.ts';
import { anId, count, duration, ids, json, limitsShape, money, names, objectPermission } from '../fields.ts';
import { notBuilt, notTaken, withoutLogging } from '../not-built.ts';
import { routerOverrides } from './router-overrides.ts';

/** `-1` is LiteLLM's old word for no end. */
const life = z.union([duration, z.literal('-1')]);

const routes = z
  .array(z.string().max(256))
  .max(1000)
  .superRefine((all, context) => {
    for (const each of all)
      if (!isRouteName(each))
        context.addIssue({
          code: 'custom',
          message: `${JSON.stringify(each)} is no route: name a group such as llm_api_routes, a path such as /v1/chat/completions, or a pattern such as /key/* or /v1/models/{model}`,
        });
  });

const addresses = z
  .array(z.string().max(64))
  .max(1000)
  .superRefine((all, context) => {
    try {
      void new AddressList(all);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
    }
  });

const limitType = z.enum(['best_effort_throughput', 'guaranteed_throughput', 'dynamic']);

/** Rights that LiteLLM's hooks read, none of which there is anything for. */
const permissions = z.record(z.string(), z.unknown()).refine((value) => Object.values(value).every((each) => !each), {
  error: 'Rights such as pii_masking are not built yet in this gateway: leave them out.',
});

const tags = z.array(z.string().min(1).max(256)).max(100);
const paramNames = z.array(z.string().min(1).max(256)).max(100);

/** Of the members that LiteLLM's clients put in there (`liftedFromMetadata`), each is what it is beside it. */
const lifted = z.looseObject({
  tags: tags.nullish(),
  enforced_params: paramNames.nullish(),
  model_rpm_limit: limitsShape.model_rpm_limit,
  model_tpm_limit: limitsShape.model_tpm_limit,
  tag_rpm_limit: z.record(z.string(), count).nullish(),
});
/** What was spent is counted in nano-dollars, exactly up to here. */
const spent = money.max(9_000_000, { error: 'must be at most 9000000' });

const metadata = withoutLogging(json).superRefine((value, context) => {
  const [issue] = lifted.safeParse(value).error?.issues ?? [];
  if (issue) context.addIssue({ code: 'custom', path: issue.path as string[], message: issue.message });
});

/** What can be said of a key whether it is made or changed. Reference 2.6. */
const keyShape = {
  ...limitsShape,
  ...notBuilt,
  secret_manager_settings: z.undefined().optional(),
  key_alias: anId.nullish(),
  duration: life.nullish(),
  models: names.nullish(),
  aliases: z.record(z.string().min(1).max(512), z.string().min(1).max(512)).nullish(),
  user_id: anId.nullish(),
  team_id: anId.nullish(),
  organization_id: anId.nullish(),
  project_id: anId.nullish(),
  agent_id: anId.nullish(),
  budget_id: anId.nullish(),
  metadata: metadata.nullish(),
  tags: tags.nullish(),
  enforced_params: paramNames.nullish(),
  tag_rpm_limit: z.record(z.string(), count).nullish(),
  budget_fallbacks: z.record(z.string().min(1).max(512), names).nullish(),
  throttle_on_budget_exceeded: z.boolean().nullish(),
  rpm_limit_type: limitType.nullish(),
  tpm_limit_type: limitType.nullish(),
  config: notTaken('is not built in this gateway: leave it out, and use `router_settings`'),
  permissions: permissions.nullish(),
  spend: spent.nullish(),
  blocked: z.boolean().nullish(),
  allowed_routes: routes.nullish(),
  allowed_passthrough_routes: routes.nullish(),
  allowed_ips: addresses.nullish(),
  object_permission: objectPermission.nullish(),
  access_group_ids: ids.nullish(),
  router_settings: routerOverrides.nullish(),
  auto_rotate: z.boolean().nullish(),
  rotation_interval: duration.nullish(),
} as const;

const keyTypes = ['default', 'llm_api', 'management', 'read_only'] as const;

/** A key that the caller has chosen, or chose by name. */
const ownKey = z
  .string()
  .min(20, { error: 'must have at least 20 characters: whoever guesses it has it' })
  .max(512)
  .regex(/^sk-[!-~]+$/, { error: 'must begin with sk- and hold no spaces' });

/** The key itself (`sk-…`), or its hash. */
export const namedKey = z.string().min(1, { error: 'must not be empty' }).max(512);

export const generateBody = z.strictObject({ ...keyShape, key: ownKey.nullish(), key_type: z.enum(keyTypes).nullish() });
/** A request for a key, as it came. */
export type KeyFields = z.output<typeof generateBody>;

/** LiteLLM has these in updates alone. */
const changeShape = {
  ...keyShape,
  temp_budget_increase: money.nullish(),
  temp_budget_expiry: z.iso.datetime({ offset: true, local: true }).nullish(),
};

/** As `generateBody`, with the key that is changed; `key_alias` names it where `key` does not. */
export const updateBody = z.strictObject({ ...changeShape, key: namedKey.nullish(), key_type: z.enum(keyTypes).nullish() });
/** A change of a key: what is absent stays, what is null is taken away. */
export type KeyChange = Omit<z.output<typeof updateBody>, 'key'>;

export const regenerateBody = z
  .strictObject({
    ...changeShape,
    key: namedKey.nullish(),
    key_type: z.enum(keyTypes).nullish(),
    new_key: ownKey.nullish(),
    new_master_key: notTaken(
      'is not taken here: the master key comes from the environment (SLUICE_MASTER_KEY) or the configuration, so change it there',
    ),
    grace_period: duration.nullish(),
  })
  .nullish();

export const deleteBody = z
  .strictObject({ keys: z.array(namedKey).max(1000).nullish(), key_aliases: ids.nullish() })
  .refine(({ keys, key_aliases }) => (keys?.length ?? 0) + (key_aliases?.length ?? 0) > 0, { error: 'needs `keys` or `key_aliases`' });

export const namedBody = z.strictObject({ key: namedKey });
export const resetSpendBody = z.strictObject({ reset_to: spent });
export const infoQuery = z.strictObject({ key: namedKey.optional() });
export const keysBody = z.strictObject({ keys: z.array(namedKey).max(100).nullish() });

const bulkItem = z.strictObject({
  key: namedKey,
  budget_id: anId.nullish(),
  max_budget: money.nullish(),
  team_id: anId.nullish(),
  tags: tags.nullish(),
});
const maxBulk = 500;
export const bulkBody = z.strictObject({ keys: z.array(bulkItem).min(1).max(maxBulk) });

const fieldsOfTeamKeys = z.strictObject({
  ...limitsShape,
  budget_id: anId.nullish(),
  rpm_limit_type: limitType.nullish(),
  tpm_limit_type: limitType.nullish(),
  temp_budget_increase: money.nullish(),
  temp_budget_expiry: z.iso.datetime({ offset: true, local: true }).nullish(),
  duration: life.nullish(),
  tags: tags.nullish(),
  metadata: metadata.nullish(),
});
export const teamBulkBody = z
  .strictObject({
    team_id: anId,
    key_ids: z.array(namedKey).max(maxBulk).nullish(),
    all_keys_in_team: z.boolean().nullish(),
    update_fields: fieldsOfTeamKeys,
  })
  .refine(({ key_ids, all_keys_in_team }) => (key_ids?.length ?? 0) > 0 !== (all_keys_in_team === true), {
    error: 'needs either `key_ids` or `all_keys_in_team`',
  });
