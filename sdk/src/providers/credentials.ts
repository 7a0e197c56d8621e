import { Secret, SluiceError, type Provider, type Target } from '../types/index.ts';

/** What the credential is for; a vendor that signs needs all of it. */
export interface CredentialRequest {
  method: string;
  url: string;
  body: string;
  /** Headers that are set already, names in lower case. */
  headers?: Readonly<Record<string, string>>;
}

/**
 * The headers that authenticate a request. Only what is configured for this target leaves: a client's own credentials
 * never come here (FP-27).
 * @throws SluiceError `authentication` before any network where there is no key
 */
export const credentialHeaders = (target: Target, request: CredentialRequest): Promise<Record<string, string>> | Record<string, string> => {
  const { provider, apiKey } = target;
  const { auth } = provider;
  if (auth.kind === 'none' || (!apiKey && bringsItsOwn(target))) return {};
  if (auth.kind === 'custom') return auth.headers(target, request);
  if (!apiKey) {
    if (provider.keyOptional) return {};
    throw missingKey(provider);
  }
  return auth.kind === 'bearer' ? bearer(apiKey, provider) : { [auth.name]: headerText(apiKey, provider) };
};

/** The vendor refused the credentials of a request: drops those that were fetched. @returns whether the next request may have others */
export const credentialsRefused = (target: Target, sent: Readonly<Record<string, string>>): boolean => {
  const { auth } = target.provider;
  return auth.kind === 'custom' && (target.apiKey !== undefined || !bringsItsOwn(target)) && (auth.refused?.(target, sent) ?? false);
};

const credentialNames = new Set(['authorization', 'api-key', 'x-api-key', 'x-goog-api-key']);

/** Whoever configures the header itself (a proxy with rules of its own) needs no key. */
const bringsItsOwn = ({ headers }: Target): boolean => Object.keys(headers ?? {}).some((name) => credentialNames.has(name.toLowerCase()));

export const bearer = (key: Secret, provider: Provider): Record<string, string> => ({
  authorization: `Bearer ${headerText(key, provider)}`,
});

/**
 * A key as the text of a header. Checked here, because runtimes print a header that they refuse, key and all.
 * @throws SluiceError `authentication`
 */
export const headerText = (key: Secret, provider: Provider): string => {
  const text = key.reveal();
  if (!/^[\x21-\x7e]+$/.test(text)) {
    throw new SluiceError(
      'authentication',
      `The API key for ${provider.label} holds characters that no key has (a space, a line break?): check how it was pasted.`,
      {
        provider: provider.id,
        retry: false,
      },
    );
  }
  return text;
};

/** @param instead other credentials that would do, for people */
export const missingKey = (provider: Provider, instead = ''): SluiceError => {
  const env = provider.keyEnv.length > 0 ? `set ${provider.keyEnv.join(' or ')}, or give api_key (apiKey)` : 'give api_key (apiKey)';
  return new SluiceError('authentication', `No API key for ${provider.label}: ${env}${instead}.`, { provider: provider.id, retry: false });
};

/** Options hold secrets as `Secret`; one that a program wrote as a plain text is taken as well. */
export const secretOption = (target: Pick<Target, 'options'>, name: string): Secret | undefined => {
  const value = target.options?.[name];
  if (value instanceof Secret) return value;
  return typeof value === 'string' && value !== '' ? new Secret(value) : undefined;
};

export const textOption = (target: Pick<Target, 'options'>, name: string): string | undefined => {
  const value = target.options?.[name];
  if (value instanceof Secret) return value.reveal();
  return typeof value === 'string' && value !== '' ? value : undefined;
};
