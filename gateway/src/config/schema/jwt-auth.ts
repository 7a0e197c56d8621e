import { z } from 'zod';
import { boolean, describe, number, requiredText, text, texts, url } from './fields.ts';

/** What a token may count as (LiteLLM's `RBAC_ROLES`). */
const tokenRoles = ['proxy_admin', 'team', 'internal_user'] as const;
const userRoles = ['proxy_admin', 'proxy_admin_viewer', 'internal_user', 'internal_user_viewer'] as const;

/** Members that each issuer may have of its own. */
const claimShape = {
  team_id_jwt_field: text({ about: 'The claim with the id of the team, as a dot path. Of a list, the first one.' }),
  team_ids_jwt_field: text({ about: 'The claim with the ids of all teams of the person, as a dot path.' }),
  org_id_jwt_field: text({ about: 'The claim with the id of the organisation, as a dot path.' }),
  user_id_jwt_field: text({ about: 'The claim with the id of the user, as a dot path. Absent: the e-mail address.' }),
  user_email_jwt_field: text({ about: 'The claim with the e-mail address, as a dot path.' }),
  end_user_id_jwt_field: text({ about: 'The claim with the end user (customer), as a dot path.' }),
};

const issuer = z
  .strictObject({
    issuer: requiredText({ about: 'The exact `iss` of its tokens.' }),
    jwks_url: url({ about: 'Where its keys are. Absent: as its discovery document says.' }),
    audience: text({ about: 'The `aud` that its tokens must have; several with commas between them.' }),
    disable_audience_validation: boolean({
      default: false,
      about: 'Its tokens for anybody are good. Then any program that it serves may call.',
    }),
    ...claimShape,
  })
  .superRefine(({ audience, disable_audience_validation: any }, context) => {
    if ((audience === undefined) === !any)
      return void context.addIssue({
        code: 'custom',
        path: ['audience'],
        message: 'is missing: say it, or set disable_audience_validation',
      });
    if (audience !== undefined && any)
      context.addIssue({
        code: 'custom',
        path: ['audience'],
        message: 'stands beside disable_audience_validation, which says the opposite',
      });
  });

const roleMapping = z.strictObject({
  role: requiredText({ about: 'The role in the token.' }),
  internal_role: describe(z.enum(tokenRoles), { about: 'What the token counts as.' }),
});

const userRoleMapping = z.strictObject({
  jwt_role: requiredText({ about: 'The role in the token; `*` stands for any text.' }),
  litellm_role: describe(z.enum(userRoles), { about: "The user's role." }),
});

const scopeMapping = z.strictObject({
  scope: requiredText({ about: 'The scope in the token.' }),
  models: texts({ about: 'Models that it allows: names, patterns with `*`, access groups.' }),
  routes: texts({ about: 'Routes that it allows: paths, `/prefix/*` or groups of routes. Absent: it says nothing of routes.' }),
});

/** `general_settings.role_permissions` */
export const rolePermissions = describe(
  z
    .array(
      z.strictObject({
        role: describe(z.enum(tokenRoles), { about: 'Of the tokens that it is for.' }),
        models: texts({ about: 'Models that they may use. Absent: as their users and teams may.' }),
        routes: texts({ about: 'Routes that they may call. Absent: as their users and teams may.' }),
      }),
    )
    .max(64)
    .optional(),
  { about: 'What tokens may do by the role that they have.' },
);

/** `general_settings.litellm_jwtauth`. Members, meanings and defaults: LiteLLM's `LiteLLM_JWTAuth` (docs.litellm.ai/docs/proxy/jwt_auth_reference, read 2026-11-22). */
export const jwtAuth = describe(
  z
    .strictObject({
      admin_jwt_scope: text({ default: 'litellm_proxy_admin', about: 'Tokens with this scope are proxy admins.' }),
      admin_allowed_routes: texts({
        about:
          'Routes of tokens that are proxy admins. Absent: management_routes, spend_tracking_routes, global_spend_tracking_routes, info_routes.',
      }),
      ...claimShape,
      team_alias_jwt_field: text({ about: 'The claim with the name of the team, as a dot path.' }),
      team_id_upsert: boolean({ default: false, about: 'A team that there is none of is made.' }),
      team_id_default: text({ about: 'The team of tokens that name none.' }),
      team_allowed_routes: texts({ about: 'Routes of tokens that belong to a team. Absent: llm_api_routes, info_routes.' }),
      org_alias_jwt_field: text({ about: 'The claim with the name of the organisation, as a dot path.' }),
      user_roles_jwt_field: text({ about: 'The claim with the roles of the person, as a dot path.' }),
      user_allowed_roles: texts({ about: 'Tokens of persons must have one of these roles.' }),
      user_allowed_email_domain: text({ about: 'Tokens of persons must have an e-mail address of this domain.' }),
      user_id_upsert: boolean({ default: false, about: 'A user that there is none of is made.' }),
      public_key_ttl: number({
        min: 1,
        max: 86_400,
        unit: 'seconds',
        default: 600,
        about: 'How long the keys of an issuer are taken as they are.',
      }),
      public_allowed_routes: texts({
        about: 'Routes of good tokens that are nobody’s: no admin’s, no team’s, no user’s. Absent: public_routes.',
      }),
      enforce_rbac: boolean({ default: false, about: 'Every token must be a proxy admin’s, a team’s or a user’s.' }),
      roles_jwt_field: text({
        about: 'The claim with the roles that `role_mappings` and `jwt_litellm_role_map` are about, as a dot path.',
      }),
      object_id_jwt_field: text({
        about: 'The claim with the id of the user or the team: which of them, `role_mappings` say. A dot path.',
      }),
      role_mappings: describe(z.array(roleMapping).max(256).optional(), {
        about: 'What tokens count as, by their roles. The first that fits holds.',
      }),
      scope_mappings: describe(z.array(scopeMapping).max(256).optional(), { about: 'What tokens may do, by their scopes.' }),
      enforce_scope_based_access: boolean({ default: false, about: 'Tokens may only use the models of their scopes.' }),
      enforce_team_based_model_access: boolean({ default: false, about: 'Every token that is no admin’s must belong to a team.' }),
      custom_validate: text({
        about:
          'A module, relative to this file, whose function gets the claims and says whether they will do: `./claims.ts`, `./claims.ts:validate`.',
      }),
      jwt_litellm_role_map: describe(z.array(userRoleMapping).max(256).optional(), {
        about: 'Roles of users by roles in the token. The first that fits holds.',
      }),
      sync_user_role_and_teams: boolean({ default: false, about: 'The stored user gets the role and the teams that the token names.' }),
      upsert_sso_user_to_team: boolean({ default: false, about: 'The user becomes a member of the team of the token.' }),
      oidc_userinfo_endpoint: url({ about: 'The issuer’s userinfo endpoint.' }),
      oidc_userinfo_enabled: boolean({
        default: false,
        about: 'The userinfo endpoint is asked who a token is for. Then tokens need not be JWTs.',
      }),
      oidc_userinfo_cache_ttl: number({
        min: 1,
        max: 3600,
        unit: 'seconds',
        default: 300,
        about: 'How long its answer is taken as it is.',
      }),
      virtual_key_claim_field: text({
        about: 'The claim by which tokens count as virtual keys (POST /jwt/key/mapping/new), as a dot path.',
      }),
      issuers: describe(z.array(issuer).min(1).max(64).optional(), {
        about:
          'Issuers whose tokens are good, each with its own keys, audience and claims. Beside them JWT_PUBLIC_KEY_URL still holds for all others, where it is set.',
      }),
    })
    .superRefine((given, context) => {
      const refuse = (member: string, message: string) => context.addIssue({ code: 'custom', path: [member], message });
      if ((given.user_roles_jwt_field === undefined) !== (given.user_allowed_roles === undefined))
        refuse(
          given.user_roles_jwt_field === undefined ? 'user_roles_jwt_field' : 'user_allowed_roles',
          'is missing: user_roles_jwt_field and user_allowed_roles need each other',
        );
      if (given.object_id_jwt_field !== undefined && !given.role_mappings)
        refuse('role_mappings', 'is missing: it says whether object_id_jwt_field is a user or a team');
      if ((given.role_mappings || given.jwt_litellm_role_map) && given.roles_jwt_field === undefined)
        refuse('roles_jwt_field', 'is missing: role_mappings and jwt_litellm_role_map are about it');
      if (given.scope_mappings && !given.enforce_scope_based_access)
        refuse('enforce_scope_based_access', 'must be true where there are scope_mappings');
      if (given.enforce_scope_based_access && !given.scope_mappings)
        refuse('scope_mappings', 'is missing: without it no token may use any model');
      if (given.oidc_userinfo_enabled && given.oidc_userinfo_endpoint === undefined) refuse('oidc_userinfo_endpoint', 'is missing');
    })
    .optional(),
  { about: 'What is read out of tokens.' },
);
