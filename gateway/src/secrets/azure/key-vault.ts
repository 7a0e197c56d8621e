import { firstOf, Secret } from 'sluice/kit';
import type { SecretManagerEntry } from '../../config/schema/secrets.ts';
import { createAsk, odd, refusal, type Answer } from '../ask.ts';
import { ManagerFailure, mapping, word, type SecretManager, type SecretWorld } from '../manager.ts';
import { createAzureTokens } from './tokens.ts';

const apiVersion = '7.4';

/** What tokens are for, by the cloud that the vault is in (learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates, read 2026-11-22). */
const clouds = ['vault.azure.net', 'vault.azure.cn', 'vault.usgovcloudapi.net'] as const;

/** Azure Key Vault (learn.microsoft.com/rest/api/keyvault/secrets, read 2026-11-22). */
export const openKeyVault = (entry: SecretManagerEntry, world: SecretWorld, timeoutMs: number): SecretManager => {
  const address = entry.address ?? firstOf(world.env, ['AZURE_KEY_VAULT_URI']);
  const host = address === undefined ? undefined : URL.parse(address)?.hostname;
  if (address === undefined || host === undefined)
    throw new ManagerFailure('nothing says where it is: set `address` or AZURE_KEY_VAULT_URI (https://NAME.vault.azure.net)');
  const cloud = clouds.find((each) => host.endsWith(`.${each}`)) ?? clouds[0];
  const ask = createAsk(world, { timeoutMs });
  const tokens = createAzureTokens(entry, world, ask, `https://${cloud}`);
  const base = `${address.replace(/\/+$/, '')}/secrets`;

  const call = async (method: 'GET' | 'PUT' | 'DELETE', name: string, signal: AbortSignal, body?: object): Promise<Answer> => {
    for (let again = true; ; again = false) {
      const authorization = `Bearer ${await tokens.get(signal)}`;
      const headers = { authorization, accept: 'application/json', ...(body && { 'content-type': 'application/json' }) };
      const url = `${base}/${nameOf(name)}?api-version=${apiVersion}`;
      const answer = await ask({ method, url, headers, ...(body && { body: JSON.stringify(body) }) }, signal);
      if (answer.status !== 401 || !again || !tokens.refused(authorization)) return answer;
    }
  };
  const failed = (answer: Answer): ManagerFailure => {
    const hint =
      answer.status === 403
        ? 'its identity may not do that (the role Key Vault Secrets User reads); `hosted_keys` limits what is asked for'
        : '';
    return refusal(answer, codeOf(answer), hint);
  };

  return {
    async read(name, signal) {
      const answer = await call('GET', name, signal);
      // A secret that is disabled is given to nobody.
      if (answer.status === 404 || (answer.status === 403 && codeOf(answer) === 'SecretDisabled')) return undefined;
      if (answer.status !== 200) throw failed(answer);
      const value = answer.value?.['value'];
      if (typeof value !== 'string') throw odd('value');
      return new Secret(value);
    },
    async write(name, value, signal) {
      const answer = await call('PUT', name, signal, { value: value.reveal(), ...(entry.tags && { tags: entry.tags }) });
      if (answer.status !== 200) throw failed(answer);
    },
    async delete(name, signal) {
      const answer = await call('DELETE', name, signal);
      if (answer.status !== 200 && answer.status !== 404) throw failed(answer);
    },
  };
};

/** `error.innererror.code` is the finer of the two. */
const codeOf = ({ value }: Answer): string => {
  const error = mapping(value?.['error']);
  return word(mapping(error?.['innererror'])?.['code']) || word(error?.['code']);
};

/** Names have letters, digits and dashes: `OPENAI_API_KEY` is kept as `OPENAI-API-KEY`. */
const nameOf = (name: string): string => {
  const found = name.replaceAll(/[^A-Za-z0-9-]/g, '-');
  if (found.length <= 127 && found !== '') return found;
  throw new ManagerFailure('its name is longer than the 127 characters that a name here has');
};
