import type { Env } from '../../lib/env.ts';
import { homePath } from '../../lib/home-path.ts';
import { SluiceError, type JsonObject, type Provider, type Target } from '../../types/index.ts';
import { missingKey, textOption } from '../credentials.ts';
import { checkedUrl } from '../url.ts';

/*
 * Credentials of SAP AI Core. Places and names as LiteLLM has them (BerriAI/litellm `llms/sap/credentials.py`, read
 * 2026-11-22): the first place that has any of them is the one: a service key, settings of their own, a file, a binding of
 * Cloud Foundry.
 */

export interface SapCredentials {
  clientId: string;
  clientSecret: string;
  /** Whole, with `/oauth/token`. */
  authUrl: string;
  /** With `/v2`. */
  baseUrl: string;
}

const objectIn = (value: unknown): JsonObject | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;

const textIn = (object: JsonObject | undefined, ...names: string[]): string | undefined => {
  for (const name of names) {
    const value = object?.[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
};

type Given = Partial<SapCredentials> & { certificate?: boolean };

const withEnding = (url: string | undefined, ending: string): string | undefined => {
  const trimmed = url?.replace(/\/+$/, '');
  return trimmed === undefined || trimmed.endsWith(ending) ? trimmed : trimmed + ending;
};

const defined = (given: Record<string, string | undefined>): Given =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));

/** The service key as the cockpit gives it, or wrapped in `credentials`. */
const fromKey = (key: JsonObject | undefined): Given => {
  const credentials = objectIn(key?.['credentials']) ?? key;
  return {
    ...defined({
      clientId: textIn(credentials, 'clientid'),
      clientSecret: textIn(credentials, 'clientsecret'),
      authUrl: withEnding(textIn(credentials, 'url'), '/oauth/token'),
      baseUrl: withEnding(textIn(objectIn(credentials?.['serviceurls']), 'AI_API_URL'), '/v2'),
    }),
    ...(textIn(credentials, 'certificate', 'certurl') !== undefined && { certificate: true }),
  };
};

const fromSettings = (read: (name: string) => string | undefined): Given =>
  defined({
    clientId: read('client_id'),
    clientSecret: read('client_secret'),
    authUrl: withEnding(read('auth_url'), '/oauth/token'),
    baseUrl: withEnding(read('base_url'), '/v2'),
  });

const parse = (text: string | undefined): JsonObject | undefined => {
  if (text === undefined) return undefined;
  try {
    return objectIn(JSON.parse(text));
  } catch {
    return undefined;
  }
};

const unusable = (provider: Provider, message: string): SluiceError =>
  new SluiceError('authentication', message, { provider: provider.id, retry: false });

const fromFile = async (target: Target, env: Env, readText: (path: string) => Promise<string>): Promise<Given> => {
  const profile = env['AICORE_PROFILE'];
  const name = profile === undefined || profile === '' || profile === 'default' ? 'config.json' : `config_${profile}.json`;
  const path = env['AICORE_CONFIG'] ?? homePath(`${env['AICORE_HOME'] ?? '~/.aicore'}/${name}`, env);
  const text = path === undefined ? undefined : await readText(path).catch(() => undefined);
  if (text === undefined) return {};
  const file = parse(text);
  if (!file) throw unusable(target.provider, "SAP AI Core's file of settings (AICORE_CONFIG, AICORE_HOME) is not JSON.");
  return fromSettings((setting) => textIn(file, `AICORE_${setting.toUpperCase()}`, setting));
};

const fromBinding = (text: string | undefined): Given => {
  const services = Object.values(parse(text) ?? {}).flatMap((list) => (Array.isArray(list) ? list : []));
  return fromKey(services.map(objectIn).find((service) => service?.['label'] === 'aicore'));
};

/**
 * @throws SluiceError `authentication` where they are missing or of a kind that is not served
 */
export const sapCredentials = async (target: Target, env: Env, readText: (path: string) => Promise<string>): Promise<SapCredentials> => {
  const { provider, apiKey } = target;
  const key = apiKey && parse(apiKey.reveal());
  if (apiKey && !key) throw unusable(provider, "SAP AI Core's key is its service key, as JSON, and this is no JSON.");
  const places = [
    () => fromKey(key),
    () => fromSettings((name) => textOption(target, `sap_${name}`)),
    () => fromFile(target, env, readText),
    () => fromBinding(textOption(target, 'sap_vcap_credentials')),
  ];
  for (const place of places) {
    const { certificate, ...found } = await place();
    if (Object.keys(found).length === 0) continue;
    const { clientId, clientSecret, authUrl, baseUrl = target.baseUrl } = found;
    if (clientSecret === undefined && certificate)
      throw unusable(provider, 'This service key of SAP AI Core has a certificate in place of a secret: create one with a client secret.');
    if (clientId !== undefined && clientSecret !== undefined && authUrl !== undefined && baseUrl !== undefined) {
      for (const url of [authUrl, baseUrl]) checkedUrl(url, provider);
      return { clientId, clientSecret, authUrl, baseUrl };
    }
    const missing = Object.entries({ clientId, clientSecret, authUrl, baseUrl }).filter(([, value]) => value === undefined);
    throw unusable(provider, `The credentials of SAP AI Core are not whole: ${missing.map(([name]) => name).join(', ')} is missing.`);
  }
  throw missingKey(provider, ' (the service key, as JSON), or AICORE_CLIENT_ID, AICORE_CLIENT_SECRET, AICORE_AUTH_URL and AICORE_BASE_URL');
};
