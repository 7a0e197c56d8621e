import type { AuthHooks, AuthModule } from './custom-auth.ts';
import { shortHash } from './hash.ts';
import { note, type Findings } from './issues.ts';
import type { Merged } from './merge.ts';
import { holderOf } from './model-names.ts';
import { pathText, type Path } from './problem.ts';
import type { ConfigSnapshot } from './snapshot.ts';

/** `./auth.ts`, `./auth.ts:whoCalls`, `./auth.ts.whoCalls`. LiteLLM's own are `module.function` of Python. */
const reference = /^(.+\.[cm]?[jt]s)(?:[:.]([A-Za-z_$][\w$]*))?$/;

/** The modules that a configuration names for functions about who calls. */
export const authModules = ({ settings, files }: Pick<Merged, 'settings' | 'files'>, findings: Findings): readonly AuthModule[] => {
  const general = settings.general_settings;
  const named: [keyof AuthHooks, Path, string | undefined][] = [
    ['customAuth', ['general_settings', 'custom_auth'], general?.custom_auth_settings?.mode === 'off' ? undefined : general?.custom_auth],
    ['customValidate', ['general_settings', 'litellm_jwtauth', 'custom_validate'], general?.litellm_jwtauth?.custom_validate],
  ];
  return named.flatMap(([hook, path, given]) => {
    const source = given === undefined ? undefined : holderOf(files, path);
    if (given === undefined || !source) return [];
    const [, module, name = 'default'] = reference.exec(given) ?? [];
    if (module === undefined) {
      findings.problems.push(
        source.problem(
          path,
          'must be a module of TypeScript or JavaScript (./auth.ts or ./auth.ts:whoCalls): functions of Python cannot be called',
        ),
      );
      return [];
    }
    return [{ hook, module, name, file: source.file, path: pathText(path), ...source.locate(path) }];
  });
};

/** What holds only together with something else, and what is probably not meant. */
export const checkTokens = (
  { settings, files }: Pick<Merged, 'settings' | 'files'>,
  findings: Findings,
  lookup: (name: string) => string | undefined,
): void => {
  const general = settings.general_settings;
  const refuse = (member: string, message: string) => {
    const path = ['general_settings', member];
    const source = holderOf(files, path);
    if (source) findings.problems.push(source.problem(path, message));
  };
  const warn = (member: string, message: string) => {
    const path = ['general_settings', member];
    const source = holderOf(files, path);
    if (source) findings.warnings.push(note(source, path, 'other', pathText(path), message));
  };
  const trusted = (general?.trusted_proxy_ranges ?? []).length > 0;
  if (general?.enable_oauth2_proxy_auth) {
    if (!trusted) refuse('enable_oauth2_proxy_auth', 'needs trusted_proxy_ranges: else anybody could write the headers');
    if (Object.values(general.oauth2_config_mappings ?? {}).every((each) => each === undefined))
      refuse('enable_oauth2_proxy_auth', 'needs oauth2_config_mappings: which header says what');
  }
  if (general?.client_certificate_auth && !trusted)
    refuse('client_certificate_auth', 'needs trusted_proxy_ranges: else anybody could write the header');
  if (general?.enable_oauth2_auth && !lookup('OAUTH_TOKEN_INFO_ENDPOINT'))
    warn('enable_oauth2_auth', 'does nothing without OAUTH_TOKEN_INFO_ENDPOINT, which is not set');
  if (general?.enable_jwt_auth) {
    const jwt = general.litellm_jwtauth;
    const urls = lookup('JWT_PUBLIC_KEY_URL');
    if (!urls && !jwt?.issuers && !jwt?.oidc_userinfo_enabled)
      warn('enable_jwt_auth', 'accepts nothing without JWT_PUBLIC_KEY_URL, which is not set, or litellm_jwtauth.issuers');
    if (urls && !lookup('JWT_AUDIENCE'))
      warn('enable_jwt_auth', 'takes tokens that were made for any program of the issuer: JWT_AUDIENCE is not set');
  }
  const path = ['general_settings', 'user_header_mappings'];
  const source = holderOf(files, path);
  if (source && general?.user_header_mappings?.some(({ litellm_user_role: role }) => role === 'internal_user'))
    findings.notes.push(
      note(
        source,
        path,
        'not-built',
        pathText(path),
        'no client may say which internal user it is; a trusted proxy may (oauth2_config_mappings)',
      ),
    );
};

/** The configuration once its modules are there. */
export const withAuthHooks = (snapshot: ConfigSnapshot, authHooks: AuthHooks, fingerprint: string): ConfigSnapshot =>
  Object.freeze({ ...snapshot, version: shortHash([snapshot.version, fingerprint], 12), authHooks: Object.freeze({ ...authHooks }) });
