import { firstOf, Secret } from 'sluice/kit';
import type { SecretManagerEntry } from '../../config/schema/secrets.ts';
import { odd } from '../ask.ts';
import { ManagerFailure, mapping, type SecretManager, type SecretWorld } from '../manager.ts';
import { createGoogleClient, googleRefusal, statusOf } from './client.ts';

/** Google Secret Manager (docs.cloud.google.com/secret-manager/docs/reference/rest, read 2026-11-22). */
export const openGoogleSecretManager = (entry: SecretManagerEntry, world: SecretWorld, timeoutMs: number): SecretManager => {
  const client = createGoogleClient(entry, world, timeoutMs);
  const base = `${(entry.address ?? 'https://secretmanager.googleapis.com').replace(/\/+$/, '')}/v1/projects`;

  const secretsOf = async (): Promise<string> => {
    const project = entry.project_id ?? firstOf(world.env, ['GOOGLE_SECRET_MANAGER_PROJECT_ID']) ?? (await client.project());
    if (project === undefined) throw new ManagerFailure('nothing says its project: set `project_id` or GOOGLE_SECRET_MANAGER_PROJECT_ID');
    return `${base}/${encodeURIComponent(project)}/secrets`;
  };

  return {
    async read(name, signal) {
      const answer = await client.call({ method: 'GET', url: `${await secretsOf()}/${checked(name)}/versions/latest:access` }, signal);
      if (answer.status === 404) return undefined;
      // A version that is disabled or destroyed: as if it were not there.
      if (answer.status === 400 && statusOf(answer) === 'FAILED_PRECONDITION') return undefined;
      if (answer.status !== 200) throw googleRefusal(answer);
      const data = mapping(answer.value?.['payload'])?.['data'];
      if (typeof data !== 'string') throw odd('payload');
      return new Secret(Buffer.from(data, 'base64').toString());
    },
    async write(name, value, signal) {
      const secrets = await secretsOf();
      const id = written(name);
      const body = JSON.stringify({ replication: { automatic: {} }, ...(entry.tags && { labels: entry.tags }) });
      const made = await client.call({ method: 'POST', url: `${secrets}?secretId=${id}`, body }, signal);
      if (made.status !== 200 && made.status !== 409) throw googleRefusal(made);
      const payload = { data: Buffer.from(value.reveal()).toString('base64') };
      const added = await client.call({ method: 'POST', url: `${secrets}/${id}:addVersion`, body: JSON.stringify({ payload }) }, signal);
      if (added.status !== 200) throw googleRefusal(added);
    },
    async delete(name, signal) {
      const answer = await client.call({ method: 'DELETE', url: `${await secretsOf()}/${written(name)}` }, signal);
      if (answer.status !== 200 && answer.status !== 404) throw googleRefusal(answer);
    },
  };
};

const checked = (name: string): string => {
  if (/^[\w-]{1,255}$/.test(name)) return name;
  throw new ManagerFailure('its name can be no name here: letters, digits, _ and - are allowed');
};

/** `litellm/alias` -> `litellm-alias`: what is written gets a name that may be. */
const written = (name: string): string => name.replaceAll(/[^\w-]/g, '-').slice(0, 255);
