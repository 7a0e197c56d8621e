import { firstOf, type Env, type Secret } from 'sluice/kit';
import type { SecretManagerEntry } from '../../config/schema/secrets.ts';
import { ManagerFailure } from '../manager.ts';

/** How to sign in. */
export type VaultLogin =
  | { kind: 'token'; token: string }
  /** An agent keeps it fresh. */
  | { kind: 'token-file'; file: string }
  | { kind: 'approle'; mount: string; roleId: string; secretId: string }
  | { kind: 'cert'; mount: string; role: string | undefined }
  /** `token`: itself, a file, or `oidc/...`. */
  | { kind: 'jwt'; mount: string; role: string; token: string };

export interface VaultSettings {
  /** Without a trailing slash. */
  address: string;
  mount: string;
  version: 1 | 2;
  /** With a trailing slash, or empty. */
  prefix: string;
  field: string | undefined;
  loginNamespace: string | undefined;
  secretNamespace: string | undefined;
  files: { ca: string | undefined; cert: string | undefined; key: string | undefined };
  login: VaultLogin;
}

/** Where a pod's token is (https://developer.hashicorp.com/vault/docs/auth/kubernetes, read 2026-11-22). */
const podToken = '/var/run/secrets/kubernetes.io/serviceaccount/token';

const trimSlashes = (text: string): string => text.replace(/^\/+|\/+$/g, '');

/**
 * The settings, then LiteLLM's variables, then those of Vault's own tools
 * (docs.litellm.ai/docs/secret_managers/hashicorp_vault, developer.hashicorp.com/vault/docs/commands, read 2026-11-22).
 * @throws ManagerFailure where nothing says how to sign in
 */
export const vaultSettings = (entry: SecretManagerEntry, env: Env): VaultSettings => {
  const of = (...names: string[]) => firstOf(env, names);
  const namespace = entry.namespace ?? of('HCP_VAULT_NAMESPACE', 'VAULT_NAMESPACE');
  const prefix = trimSlashes(entry.path_prefix ?? of('HCP_VAULT_PATH_PREFIX') ?? '');
  const files = {
    ca: entry.ca_file ?? of('VAULT_CACERT'),
    cert: entry.client_cert ?? of('HCP_VAULT_CLIENT_CERT', 'VAULT_CLIENT_CERT'),
    key: entry.client_key ?? of('HCP_VAULT_CLIENT_KEY', 'VAULT_CLIENT_KEY'),
  };
  return {
    address: (entry.address ?? of('HCP_VAULT_ADDR', 'VAULT_ADDR') ?? 'http://127.0.0.1:8200').replace(/\/+$/, ''),
    mount: trimSlashes(entry.mount ?? of('HCP_VAULT_MOUNT_NAME') ?? 'secret'),
    version: entry.kv_version === 1 ? 1 : 2,
    prefix: prefix === '' ? '' : `${prefix}/`,
    field: entry.field,
    loginNamespace: entry.login_namespace ?? of('HCP_VAULT_LOGIN_NAMESPACE') ?? namespace,
    secretNamespace: entry.secret_namespace ?? of('HCP_VAULT_SECRET_NAMESPACE') ?? namespace,
    files,
    login: loginOf(entry, of, files.cert !== undefined && files.key !== undefined),
  };
};

type Of = (...names: string[]) => string | undefined;

const loginOf = (entry: SecretManagerEntry, of: Of, hasCertificate: boolean): VaultLogin => {
  const reveal = (secret: Secret | undefined) => secret?.reveal();
  const roleId = reveal(entry.role_id) ?? of('HCP_VAULT_APPROLE_ROLE_ID');
  const secretId = reveal(entry.secret_id) ?? of('HCP_VAULT_APPROLE_SECRET_ID');
  const token = reveal(entry.token) ?? of('HCP_VAULT_TOKEN', 'VAULT_TOKEN');
  const identity = reveal(entry.identity_token);
  const role = entry.role ?? of('HCP_VAULT_CERT_ROLE');
  const mount = entry.auth_mount === undefined ? undefined : trimSlashes(entry.auth_mount);

  const kinds = {
    approle: (): VaultLogin | undefined =>
      roleId !== undefined && secretId !== undefined
        ? { kind: 'approle', mount: mount ?? trimSlashes(of('HCP_VAULT_APPROLE_MOUNT_PATH') ?? 'approle'), roleId, secretId }
        : undefined,
    cert: (): VaultLogin | undefined => (hasCertificate ? { kind: 'cert', mount: mount ?? 'cert', role } : undefined),
    kubernetes: (): VaultLogin | undefined =>
      role === undefined ? undefined : { kind: 'jwt', mount: mount ?? 'kubernetes', role, token: identity ?? podToken },
    jwt: (): VaultLogin | undefined =>
      role === undefined || identity === undefined ? undefined : { kind: 'jwt', mount: mount ?? 'jwt', role, token: identity },
    token: (): VaultLogin | undefined =>
      entry.token_file !== undefined
        ? { kind: 'token-file', file: entry.token_file }
        : token === undefined
          ? undefined
          : { kind: 'token', token },
  };
  const found = entry.login === undefined ? (kinds.approle() ?? kinds.cert() ?? kinds.jwt() ?? kinds.token()) : kinds[entry.login]();
  if (found) return found;
  throw new ManagerFailure(
    entry.login === undefined
      ? `nothing says how to sign in: ${Object.values(needs).join('; or ')}`
      : `to sign in it needs ${needs[entry.login]}`,
  );
};

const needs = {
  token: 'a token (HCP_VAULT_TOKEN, `token`, `token_file`)',
  approle: 'an AppRole (HCP_VAULT_APPROLE_ROLE_ID and HCP_VAULT_APPROLE_SECRET_ID, `role_id` and `secret_id`)',
  cert: 'a certificate (HCP_VAULT_CLIENT_CERT and HCP_VAULT_CLIENT_KEY, `client_cert` and `client_key`)',
  kubernetes: 'the `role` of a pod (`login: kubernetes`)',
  jwt: 'a `role` and an `identity_token`',
} as const;
