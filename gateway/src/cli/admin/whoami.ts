import { Refusal, type Io } from '../io.ts';
import { adminClient, type AdminClient, type AdminFlags } from './request.ts';
import { thingShown } from './show.ts';

/** `sluice whoami`: whose key, or whose session, commands come with. */
export const whoami = async (flags: AdminFlags, io: Io): Promise<number> => {
  const client = adminClient(flags, io);
  const found = await who(client);
  const shown = { gateway: client.url, ...(client.key && { key_from: client.key.from }), ...found };
  io.out(flags.json ? `${JSON.stringify(shown, null, 2)}\n` : thingShown(shown, io.columns));
  return 0;
};

const who = async (client: AdminClient): Promise<Record<string, unknown>> => {
  if (!client.key)
    throw new Refusal(`You have no key for ${client.url}: give one with SLUICE_API_KEY or --key, or sign in with \`sluice login\`.`);
  if (client.key.value.startsWith('sess-')) {
    const { csrf_token: _, ...session } = (await client.call('GET', '/session')) as Record<string, unknown>;
    return { is: 'a session', ...session };
  }
  const { status, json } = await client.ask('GET', '/key/info');
  const info = (json as { info?: unknown } | undefined)?.info;
  if (status === 200 && typeof info === 'object' && info !== null) {
    const { key_name, key_alias, user_id, team_id, organization_id, models, spend, max_budget, expires } = info as Record<string, unknown>;
    return { is: 'a virtual key', key_name, key_alias, user_id, team_id, organization_id, models, spend, max_budget, expires };
  }
  // Only who administers the proxy may see its settings; the master key is no key that is stored.
  const settings = await client.ask('GET', '/key/list', { query: { size: 1 } });
  if (status !== 401 && settings.status === 200) return { is: 'the master key, or another administrator without a key of their own' };
  return (await client.call('GET', '/key/info')) as Record<string, unknown>;
};
