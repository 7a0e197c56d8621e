import { z } from 'zod';
import { defaults } from '../defaults.ts';
import { boolean, choice, describe, number, secret, secretJson, shared, text, texts, url } from './fields.ts';

/** LiteLLM's names of them (docs.litellm.ai/docs/secret, read 2026-11-22); its `custom` is a class of Python. */
export const secretManagerTypes = [
  'hashicorp_vault',
  'aws_secret_manager',
  'aws_kms',
  'google_secret_manager',
  'google_kms',
  'azure_key_vault',
  'cyberark',
  'local',
] as const;
export type SecretManagerType = (typeof secretManagerTypes)[number];

const vaultLogins = ['token', 'approle', 'cert', 'kubernetes', 'jwt'] as const;

const ms = { unit: 'milliseconds', int: true };
const tls = 'absent, the built-in authorities are trusted';

const makeShape = () => ({
  hosted_keys: texts({
    about: 'Only these names are asked for, and they win over the environment. Absent: every `os.environ/NAME` that the environment lacks.',
  }),
  access_mode: choice(['read_only', 'write_only', 'read_and_write'], {
    default: 'read_only',
    about: 'Whether secrets are read from it, virtual keys are written to it, or both.',
  }),
  primary_secret_name: text({ about: 'One secret that holds all the others: JSON, or in Vault the fields of one path.' }),
  store_virtual_keys: boolean({ default: false, about: 'New virtual keys are also written to it.' }),
  prefix_for_stored_virtual_keys: text({ default: 'litellm/', about: 'Put before the names of the keys that are written.' }),
  description: text({ about: 'Of secrets that are written (AWS).' }),
  tags: describe(z.record(z.string(), z.string()).optional(), { about: 'Of secrets that are written (AWS, Azure; labels for Google).' }),
  refresh_interval_ms: number({
    ...ms,
    min: 1000,
    default: defaults.secretRefreshIntervalMs,
    about: 'How long a value is taken as it is; then it is read again, and a changed one is live without a restart.',
  }),
  max_stale_ms: number({
    ...ms,
    min: 0,
    default: defaults.secretMaxStaleMs,
    about: 'How long a value is used at most while the manager does not answer.',
  }),
  timeout_ms: number({
    ...ms,
    min: 100,
    default: defaults.secretTimeoutMs,
    about: 'Of one request to it. Failures that may pass are tried three times.',
  }),
  address: url({
    about:
      'Where it is. `hashicorp_vault`: HCP_VAULT_ADDR, VAULT_ADDR, else http://127.0.0.1:8200. `azure_key_vault`: AZURE_KEY_VAULT_URI. `cyberark`: CYBERARK_API_BASE. AWS and Google: their own address.',
  }),
  ca_file: text({ about: `\`hashicorp_vault\`, \`cyberark\`: a file with certificate authorities in PEM; ${tls}.` }),
  client_cert: text({
    about:
      '`hashicorp_vault`, `cyberark`: a file with the certificate that the gateway shows, in PEM. HCP_VAULT_CLIENT_CERT, CYBERARK_CLIENT_CERT.',
  }),
  client_key: text({ about: '`hashicorp_vault`, `cyberark`: a file with its key. HCP_VAULT_CLIENT_KEY, CYBERARK_CLIENT_KEY.' }),

  namespace: text({ about: '`hashicorp_vault`: HCP_VAULT_NAMESPACE, VAULT_NAMESPACE.' }),
  login_namespace: text({ about: '`hashicorp_vault`: the namespace to sign in to, where it is another one. HCP_VAULT_LOGIN_NAMESPACE.' }),
  secret_namespace: text({
    about: '`hashicorp_vault`: the namespace of the secrets, where it is another one. HCP_VAULT_SECRET_NAMESPACE.',
  }),
  mount: text({ default: 'secret', about: '`hashicorp_vault`: where the engine is mounted. HCP_VAULT_MOUNT_NAME.' }),
  kv_version: number({ int: true, min: 1, max: 2, default: 2, about: '`hashicorp_vault`: the version of the KV engine.' }),
  path_prefix: text({ about: '`hashicorp_vault`, `cyberark`: put before each name, with a slash. HCP_VAULT_PATH_PREFIX.' }),
  field: text({
    about:
      '`hashicorp_vault`: the field of the path that holds the value. Absent: `key`, else `value`, else the only one. `os.environ/path#field` names another.',
  }),
  login: choice(vaultLogins, {
    about: '`hashicorp_vault`: how to sign in. Absent: what the settings are there for, AppRole before a certificate before a token.',
  }),
  auth_mount: text({
    about: '`hashicorp_vault`: where the way to sign in is mounted. Absent: as it is called. HCP_VAULT_APPROLE_MOUNT_PATH.',
  }),
  token: secret({ about: '`hashicorp_vault`: HCP_VAULT_TOKEN, VAULT_TOKEN. It is renewed before it ends.' }),
  token_file: text({ about: '`hashicorp_vault`: a file with the token, which an agent keeps fresh.' }),
  role_id: secret({ about: '`hashicorp_vault`, AppRole: HCP_VAULT_APPROLE_ROLE_ID.' }),
  secret_id: secret({ about: '`hashicorp_vault`, AppRole: HCP_VAULT_APPROLE_SECRET_ID.' }),
  role: text({ about: '`hashicorp_vault`: the role of a certificate (HCP_VAULT_CERT_ROLE), of a pod or of a JWT.' }),
  identity_token: secret({
    about:
      '`hashicorp_vault` (`kubernetes`, `jwt`), `azure_key_vault`: the token that signs in: itself, a file with it, or `oidc/...`. Absent: the token of the pod, AZURE_FEDERATED_TOKEN_FILE.',
  }),

  aws_region_name: text({ about: 'AWS: the region. Absent: AWS_REGION_NAME, AWS_REGION, AWS_DEFAULT_REGION, or that of the profile.' }),
  aws_access_key_id: text({ about: 'AWS: absent, what the environment, profiles, web identity, the container or the instance say.' }),
  aws_secret_access_key: secret({ about: 'AWS: belongs to `aws_access_key_id`.' }),
  aws_session_token: secret({ about: 'AWS: belongs to `aws_access_key_id`.' }),
  aws_profile_name: text({ about: 'AWS: a profile of ~/.aws.' }),
  aws_role_name: text({ about: 'AWS: the ARN of a role that is taken on.' }),
  aws_session_name: text({ about: 'AWS: the name of its session.' }),
  aws_external_id: text({ about: 'AWS: what the role may demand.' }),
  aws_web_identity_token: secret({ about: 'AWS: an identity token that opens the role, a file that holds it, or `oidc/...`.' }),
  aws_sts_endpoint: url({ about: 'AWS: where STS is.' }),
  kms_key_id: text({ about: '`aws_secret_manager`: the key that secrets which are written are encrypted with.' }),
  replica_regions: texts({ about: '`aws_secret_manager`: regions that secrets which are written are copied to.' }),

  project_id: text({ about: '`google_secret_manager`: GOOGLE_SECRET_MANAGER_PROJECT_ID, else that of the credentials.' }),
  credentials: secretJson({
    about: "Google: a file of credentials, or its JSON. Absent: GOOGLE_APPLICATION_CREDENTIALS, gcloud's, the machine's.",
  }),
  kms_key: text({ about: '`google_kms`: `projects/../locations/../keyRings/../cryptoKeys/..`. GOOGLE_KMS_RESOURCE_NAME.' }),

  tenant_id: text({ about: '`azure_key_vault`: AZURE_TENANT_ID.' }),
  client_id: text({ about: '`azure_key_vault`: AZURE_CLIENT_ID; alone, that of a managed identity.' }),
  client_secret: secret({ about: '`azure_key_vault`: AZURE_CLIENT_SECRET. Absent: workload identity, else the managed identity.' }),
  authority: url({ about: '`azure_key_vault`: where Entra is. AZURE_AUTHORITY_HOST, else https://login.microsoftonline.com.' }),

  account: text({ about: '`cyberark`: CYBERARK_ACCOUNT, else `default`.' }),
  username: text({ about: '`cyberark`: CYBERARK_USERNAME, else `admin`; a host is `host/its/name`.' }),
  api_key: secret({ about: '`cyberark`: CYBERARK_API_KEY.' }),
  policy: text({ default: 'root', about: '`cyberark`: the policy branch that variables which are written are declared in.' }),

  directory: text({ default: '/run/secrets', about: '`local`: a folder with a file for each secret (Docker, Kubernetes).' }),
});

const makeEntry = () => z.strictObject(makeShape());
const makeListed = () => secretManagerEntry().extend({ type: describe(z.enum(secretManagerTypes), { about: 'Which one.' }) });

export type SecretManagerEntry = z.output<ReturnType<typeof makeEntry>>;

/** Made when a file names a manager, or somebody asks for the schema: most starts need none of it. */
export const secretManagerEntry = shared(makeEntry);
const listedEntry = shared(makeListed);

/** As LiteLLM has it: one manager, in `general_settings`. */
export const keyManagement = {
  key_management_system: choice(secretManagerTypes, { about: 'The secret manager that `os.environ/NAME` is looked up in.' }),
  key_management_settings: describe(z.lazy(secretManagerEntry).optional(), { about: 'How it is reached and used.' }),
  use_azure_key_vault: boolean({ default: false, about: 'The same as `key_management_system: azure_key_vault`.' }),
  use_google_kms: boolean({ default: false, about: 'The same as `key_management_system: google_kms`.' }),
};

/** As many as are wanted, in `sluice_settings`. */
export const secretManagers = describe(z.array(z.lazy(listedEntry)).optional(), {
  about: 'Secret managers that `os.environ/NAME` is looked up in, one after the other until one has it.',
});

const tlsFields = ['ca_file', 'client_cert', 'client_key'];
const vaultPlace = ['namespace', 'login_namespace', 'secret_namespace', 'mount', 'kv_version', 'path_prefix', 'field'];
const vaultSignIn = ['login', 'auth_mount', 'token', 'token_file', 'role_id', 'secret_id', 'role', 'identity_token'];
const awsFields = [
  'region_name',
  'access_key_id',
  'secret_access_key',
  'session_token',
  'profile_name',
  'role_name',
  'session_name',
  'external_id',
  'web_identity_token',
  'sts_endpoint',
].map((name) => `aws_${name}`);

/** What each type takes beside what all do: those that stand before `address`. */
const own: Readonly<Record<SecretManagerType, readonly string[]>> = {
  hashicorp_vault: ['address', ...tlsFields, ...vaultPlace, ...vaultSignIn],
  aws_secret_manager: ['address', ...awsFields, 'kms_key_id', 'replica_regions', 'description'],
  aws_kms: ['address', ...awsFields],
  google_secret_manager: ['address', 'project_id', 'credentials'],
  google_kms: ['address', 'kms_key', 'credentials'],
  azure_key_vault: ['address', 'tenant_id', 'client_id', 'client_secret', 'identity_token', 'authority'],
  cyberark: ['address', ...tlsFields, 'account', 'username', 'api_key', 'path_prefix', 'policy'],
  local: ['directory'],
};

const special = new Set(Object.values(own).flat());

/** Fields that say nothing where the manager is of this type. */
export const meaningless = (type: SecretManagerType, entry: Readonly<Record<string, unknown>>): string[] =>
  Object.keys(entry).filter((name) => entry[name] !== undefined && special.has(name) && !own[type].includes(name));
