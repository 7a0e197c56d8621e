import type { JsonObject } from '../../../types/index.ts';
import { parseObject } from './ask.ts';
import { authFailure } from './failure.ts';
import { readSource, type SubjectSource } from './subject-source.ts';
import { googleUrl } from './safe-url.ts';

/*
 * The kinds of credentials that Google's libraries read from a file: google.aip.dev/auth/4110 (application default
 * credentials), 4112 (service account keys), 4113 (users), 4117 (workload identity), read 2026-11-22.
 */

interface Common {
  /** The project that the file itself names. */
  projectId?: string;
  /** Whose quota is used (`x-goog-user-project`). */
  quotaProjectId?: string;
}

export interface ServiceAccount extends Common {
  type: 'service_account';
  clientEmail: string;
  privateKey: string;
  privateKeyId?: string;
  tokenUrl: string;
}

export interface AuthorizedUser extends Common {
  type: 'authorized_user';
  clientId: string;
  clientSecret: string;
  refreshToken: string;
}

export interface Impersonated extends Common {
  type: 'impersonated_service_account';
  url: string;
  delegates: string[];
  source: Credentials;
}

export interface ExternalAccount extends Common {
  type: 'external_account';
  audience: string;
  subjectTokenType: string;
  tokenUrl: string;
  source: SubjectSource;
  impersonationUrl?: string;
  lifetimeSeconds: number;
  client?: { id: string; secret: string };
  workforceProject?: string;
}

/** The machine's own service account. */
export interface Machine extends Common {
  type: 'machine';
}

export type Credentials = ServiceAccount | AuthorizedUser | Impersonated | ExternalAccount | Machine;

type Kind = Exclude<Credentials['type'], 'machine'>;

/**
 * Reads the text of a file of credentials.
 * @param where for messages: a path, or what the text was given as
 * @throws SluiceError `authentication`; the message never holds any of the text
 */
export const readCredentials = (text: string, where: string): Credentials => {
  const value = parseObject(text);
  if (!value) throw authFailure(`${where} is not JSON: it must be a file of Google credentials.`);
  return ofObject(value, where);
};

const ofObject = (value: JsonObject, where: string): Credentials => {
  const { type } = value;
  const read = typeof type === 'string' && Object.hasOwn(readers, type) ? readers[type as Kind] : undefined;
  if (read) return { ...read(value, where), ...compactText({ quotaProjectId: value['quota_project_id'] }) };
  const known = Object.keys(readers).join(', ');
  throw authFailure(
    typeof type === 'string' && /^\w{1,60}$/.test(type)
      ? `${where} holds credentials of the type '${type}', which are not known here (${known} are).`
      : `${where} lacks its 'type': it must be a file of Google credentials (${known}).`,
  );
};

const wanted = (value: JsonObject, name: string, where: string): string => {
  const found = value[name];
  if (typeof found === 'string' && found.trim() !== '') return found;
  throw authFailure(`${where} lacks '${name}'.`);
};

const compactText = <K extends string>(values: Record<K, unknown>): Partial<Record<K, string>> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value === 'string' && value !== '')) as Partial<Record<K, string>>;

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []);

const defaultTokenUrl = 'https://oauth2.googleapis.com/token';

const readers: { [K in Kind]: (value: JsonObject, where: string) => Extract<Credentials, { type: K }> } = {
  service_account: (value, where) => ({
    type: 'service_account',
    clientEmail: wanted(value, 'client_email', where),
    privateKey: wanted(value, 'private_key', where),
    tokenUrl: googleUrl(String(value['token_uri'] ?? defaultTokenUrl), 'token_uri'),
    ...compactText({ privateKeyId: value['private_key_id'], projectId: value['project_id'] }),
  }),
  authorized_user: (value, where) => ({
    type: 'authorized_user',
    clientId: wanted(value, 'client_id', where),
    clientSecret: wanted(value, 'client_secret', where),
    refreshToken: wanted(value, 'refresh_token', where),
    ...compactText({ projectId: value['quota_project_id'] }),
  }),
  impersonated_service_account: (value, where) => {
    const url = googleUrl(wanted(value, 'service_account_impersonation_url', where), 'service_account_impersonation_url');
    const source = value['source_credentials'];
    if (typeof source !== 'object' || source === null) throw authFailure(`${where} lacks 'source_credentials'.`);
    if ((source as JsonObject)['type'] === 'impersonated_service_account')
      throw authFailure(`${where} impersonates by way of another impersonation: name it in 'delegates' instead.`);
    return {
      type: 'impersonated_service_account',
      url,
      delegates: texts(value['delegates']),
      source: ofObject(source as JsonObject, `${where} (source_credentials)`),
      ...compactText({ projectId: projectOfAccount(url) }),
    };
  },
  external_account: (value, where) => {
    const audience = wanted(value, 'audience', where);
    const impersonation = value['service_account_impersonation_url'];
    const lifetime = (value['service_account_impersonation'] as JsonObject | undefined)?.['token_lifetime_seconds'];
    const { client_id: id, client_secret: secret } = value;
    const projectId = (typeof impersonation === 'string' ? projectOfAccount(impersonation) : undefined) ?? projectOfPool(audience);
    return {
      type: 'external_account',
      audience,
      subjectTokenType: wanted(value, 'subject_token_type', where),
      tokenUrl: googleUrl(String(value['token_url'] ?? 'https://sts.googleapis.com/v1/token'), 'token_url'),
      source: readSource(value['credential_source'], where),
      ...(typeof impersonation === 'string' && { impersonationUrl: googleUrl(impersonation, 'service_account_impersonation_url') }),
      lifetimeSeconds: typeof lifetime === 'number' ? lifetime : 3600,
      ...(typeof id === 'string' && { client: { id, secret: typeof secret === 'string' ? secret : '' } }),
      ...compactText({ workforceProject: value['workforce_pool_user_project'], projectId }),
    };
  },
};

/** `.../serviceAccounts/name@my-project.iam.gserviceaccount.com:generateAccessToken` */
const projectOfAccount = (url: string): string | undefined => /@([a-z0-9.:-]+)\.iam\.gserviceaccount\.com:/.exec(url)?.[1];

/** `//iam.googleapis.com/projects/123/locations/...`: a number, which is as good as a name. */
const projectOfPool = (audience: string): string | undefined => /\/projects\/(\d+)\//.exec(audience)?.[1];
