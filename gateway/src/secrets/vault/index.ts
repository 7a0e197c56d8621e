import { Secret } from 'sluice/kit';
import type { SecretManagerEntry } from '../../config/schema/secrets.ts';
import { createAsk, odd, refusal, type Answer } from '../ask.ts';
import { ManagerFailure, mapping, type Fields, type SecretManager, type SecretWorld } from '../manager.ts';
import { readTls } from '../tls.ts';
import { createVaultSession, vaultHeaders } from './session.ts';
import { vaultSettings, type VaultSettings } from './settings.ts';

/**
 * HashiCorp Vault, or OpenBao, which speaks the same: its KV engine of either version.
 * Source: developer.hashicorp.com/vault/api-docs/secret/kv/kv-v1 and kv-v2, openbao.org/api-docs, read 2026-11-22.
 */
export const openVault = async (entry: SecretManagerEntry, world: SecretWorld, timeoutMs: number): Promise<SecretManager> => {
  const settings = vaultSettings(entry, world.env);
  const ask = createAsk(world, { timeoutMs, tls: await readTls(settings.files, world) });
  const session = createVaultSession(settings, world, ask);

  const call = async (method: 'GET' | 'POST' | 'DELETE', name: string, signal: AbortSignal, body?: object): Promise<Answer> => {
    for (let again = true; ; again = false) {
      const token = await session.token(signal);
      const url = urlOf(settings, name);
      const headers = vaultHeaders(settings.secretNamespace, token);
      const answer = await ask({ method, url, headers, ...(body && { body: JSON.stringify(body) }) }, signal);
      // A token that is over and a path that is not allowed look the same.
      if (answer.status !== 403 || !again || !session.refused(token)) return answer;
    }
  };

  const readFields = async (name: string, signal: AbortSignal): Promise<Fields | undefined> => {
    const answer = await call('GET', name, signal);
    if (answer.status === 404) {
      if (settings.version === 1 && /versioned/i.test(JSON.stringify(answer.value?.['warnings'] ?? '')))
        throw new ManagerFailure('its engine is of version 2, and `kv_version` says 1');
      return undefined;
    }
    if (answer.status === 403)
      throw refusal(
        answer,
        '',
        `its policy does not let the gateway read ${settings.mount}, or the token is over; \`hosted_keys\` limits what is asked for`,
      );
    if (answer.status !== 200) throw refusal(answer);
    const outer = mapping(answer.value?.['data']);
    const inner = settings.version === 2 ? outer?.['data'] : outer;
    // A version that was deleted.
    if (inner === null) return undefined;
    const data = mapping(inner);
    if (!data) throw odd('secret');
    return Object.fromEntries(Object.entries(data).flatMap(([key, value]) => (isPlain(value) ? [[key, new Secret(String(value))]] : [])));
  };

  return {
    readFields,
    async read(asked, signal) {
      const [name, field] = splitField(asked);
      const fields = await readFields(name, signal);
      return fields && chosen(fields, field ?? settings.field);
    },
    async write(name, value, signal) {
      const data = { [settings.field ?? 'key']: value.reveal() };
      const answer = await call('POST', name, signal, settings.version === 2 ? { data } : data);
      if (answer.status !== 200 && answer.status !== 204) throw refusal(answer);
    },
    async delete(name, signal) {
      const answer = await call('DELETE', name, signal);
      if (answer.status !== 204 && answer.status !== 200 && answer.status !== 404) throw refusal(answer);
    },
    close: () => session.close(),
  };
};

const isPlain = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** `team/openai#api_key` -> the path, and the field of it. */
const splitField = (asked: string): [name: string, field: string | undefined] => {
  const at = asked.lastIndexOf('#');
  return at === -1 ? [asked, undefined] : [asked.slice(0, at), asked.slice(at + 1)];
};

/** LiteLLM keeps the value in the field `key`. */
const chosen = (fields: Fields, field: string | undefined): Secret | undefined => {
  if (field !== undefined) return Object.hasOwn(fields, field) ? fields[field] : undefined;
  const names = Object.keys(fields);
  const name = ['key', 'value'].find((each) => names.includes(each)) ?? (names.length === 1 ? names[0] : undefined);
  if (name !== undefined) return fields[name];
  if (names.length === 0) return undefined;
  throw new ManagerFailure(`it has ${names.length} fields: name one, as in os.environ/path#field, or set \`field\``);
};

const urlOf = ({ address, mount, version, prefix }: VaultSettings, name: string): string => {
  const segments = `${prefix}${name}`.split('/');
  if (segments.some((each) => each === '' || each === '.' || each === '..')) throw new ManagerFailure('its name is no path');
  return `${address}/v1/${mount}${version === 2 ? '/data' : ''}/${segments.map(encodeURIComponent).join('/')}`;
};
