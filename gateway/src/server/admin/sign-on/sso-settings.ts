import { z } from 'zod';
import { mask } from '../../../config/stored/secret-members.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { haveLive } from '../settings/have-live.ts';
import { settingsSchema } from '../settings/settable.ts';
import { stateOf } from '../settings/shown.ts';
import { refuseOwned, writeSetting } from '../settings/write-setting.ts';

const path = 'general_settings.sso_settings';

/** Members of LiteLLM's `SSOConfig`, and `generic_issuer`. What they must be like says the configuration's schema. */
const texts = [
  'google_client_id',
  'google_client_secret',
  'microsoft_client_id',
  'microsoft_client_secret',
  'microsoft_tenant',
  'generic_client_id',
  'generic_client_secret',
  'generic_issuer',
  'generic_authorization_endpoint',
  'generic_token_endpoint',
  'generic_userinfo_endpoint',
  'generic_scope',
  'saml_idp_metadata_url',
  'saml_idp_metadata_xml',
  'saml_sp_entity_id',
  'proxy_base_url',
  'user_email',
] as const;
const others = ['saml_allow_unsolicited', 'ui_access_mode', 'role_mappings', 'team_mappings'] as const;
const names: readonly string[] = [...texts, ...others];

const aText = z.string().max(200_000).nullish();
const body = z.strictObject({
  ...(Object.fromEntries(texts.map((name) => [name, aText])) as Record<(typeof texts)[number], typeof aText>),
  // LiteLLM's clients send it as a text.
  saml_allow_unsolicited: z.union([z.boolean(), z.string()]).nullish(),
  ui_access_mode: z.unknown().optional(),
  role_mappings: z.unknown().optional(),
  team_mappings: z.unknown().optional(),
});

/** Where a member comes from; one that nobody set has none. */
type Provenance = 'file' | 'database' | 'environment';

const shown = (services: AdminContext['services']): { values: Record<string, unknown>; provenance: Record<string, Provenance> } => {
  const { value, owner } = stateOf(services, path);
  const said = (value ?? {}) as Readonly<Record<string, unknown>>;
  const values: Record<string, unknown> = {};
  const provenance: Record<string, Provenance> = {};
  for (const name of names) {
    const ofEnvironment = services.env(name.toUpperCase()) || null;
    values[name] = said[name] ?? (ofEnvironment !== null && name.endsWith('_secret') ? mask : ofEnvironment);
    if (said[name] != null) provenance[name] = owner === 'file' ? 'file' : 'database';
    else if (ofEnvironment !== null) provenance[name] = 'environment';
  }
  return { values, provenance };
};

/** JSON schema of the members, for dashboards. */
const fieldSchema = (): object => {
  const found = settingsSchema().properties?.['general_settings']?.properties?.['sso_settings'];
  return { description: 'Single sign-on', properties: found?.properties ?? {} };
};

export const showSsoSettings = adminRoute({
  method: 'GET',
  paths: ['/get/sso_settings'],
  action: 'sso.see',
  summary: 'Shows how people sign in, without secrets.',
  handle: async ({ services }) => ({ ...shown(services), field_schema: fieldSchema() }),
});

export const updateSsoSettings = adminRoute({
  method: 'PATCH',
  paths: ['/update/sso_settings'],
  action: 'sso.write',
  body,
  summary: 'Says how people sign in: what is named changes, null takes it away.',
  handle: async (context) => {
    const { services } = context;
    refuseOwned(services, path);
    await writeSetting(context, path, (before) => {
      const next = new Map(Object.entries((before ?? {}) as Record<string, unknown>));
      for (const [name, value] of Object.entries(context.body)) {
        // What was shown instead of a secret comes back from dashboards as it was shown.
        if (value === undefined || value === mask) continue;
        if (value === null || value === '') next.delete(name);
        else next.set(name, value);
      }
      return next.size > 0 ? Object.fromEntries(next) : undefined;
    });
    await haveLive(services);
    return { message: 'SSO settings updated successfully', status: 'success', settings: shown(services).values };
  },
});

export const ssoReadiness = adminRoute({
  method: 'GET',
  paths: ['/sso/readiness'],
  action: 'sso.see',
  summary: 'Whether single sign-on is configured, and what is missing.',
  handle: async ({ services }) => {
    const { providers, saml } = services.signOn.settings();
    const [first] = providers;
    const broken = providers.filter(({ broken: why }) => why !== undefined);
    if (!first && !saml) return { status: 'healthy', sso_configured: false, message: 'No single sign-on is configured.' };
    if (broken.length > 0)
      return Response.json(
        {
          status: 'unhealthy',
          sso_configured: true,
          provider: broken[0]!.name,
          message: broken.map(({ label, broken: why }) => `${label}: ${why}.`).join(' '),
        },
        { status: 503 },
      );
    return { status: 'healthy', sso_configured: true, provider: first?.name ?? 'saml', message: 'Single sign-on is configured.' };
  },
});
