import { SluiceError } from 'sluice/kit';
import type { z } from 'zod';
import { kinds } from '../../../access/records/kinds.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { denied } from '../context.ts';
import { findKey } from './find.ts';
import { ownedKey, teamOf } from './owners.ts';
import { bulkBody, teamBulkBody, type KeyChange } from './schemas.ts';
import type { ShownKey } from './shown.ts';
import { updated } from './update.ts';

interface Failure {
  readonly key: string;
  readonly key_info: null;
  readonly failed_reason: string;
}

/** One after another, each by itself: what fails is told, and the others go on. */
const each = async (keys: readonly string[], change: (key: string, at: number) => Promise<ShownKey>) => {
  const done: { key: string; key_info: ShownKey }[] = [];
  const failed: Failure[] = [];
  for (const [at, key] of keys.entries()) {
    try {
      done.push({ key, key_info: await change(key, at) });
    } catch (cause) {
      // Of what is no fault of the request, the details are not the client's.
      const reason = cause instanceof SluiceError && cause.code !== 'internal' ? cause.message : 'The change failed. Try it again.';
      failed.push({ key, key_info: null, failed_reason: reason });
    }
  }
  return { total_requested: keys.length, successful_updates: done, failed_updates: failed };
};

type Bulk = AdminContext<z.output<typeof bulkBody>>;

export const bulkUpdateKeys = adminRoute({
  method: 'POST',
  paths: ['/key/bulk_update'],
  action: 'key.update',
  summary: 'Changes several keys; each succeeds or fails by itself.',
  body: bulkBody,
  about: () => [],
  handle: (context: Bulk) => {
    const { store, services, body, may } = context;
    return each(
      body.keys.map(({ key }) => key),
      async (key, at) => {
        const found = await findKey(store, key);
        // As for one: what may not be changed and what is not there look the same.
        if (!may('key.update', found ? await ownedKey(store, services.snapshot(), found) : {})) throw denied('key.update');
        const { key: _, ...fields } = body.keys[at]!;
        return updated(context, key, undefined, fields);
      },
    );
  },
});

type TeamBulk = AdminContext<z.output<typeof teamBulkBody>>;

export const bulkUpdateTeamKeys = adminRoute({
  method: 'POST',
  paths: ['/team/key/bulk_update'],
  action: 'key.update',
  summary: 'Makes one change to keys of a team; each succeeds or fails by itself.',
  body: teamBulkBody,
  about: async ({ store, services, body }: TeamBulk) => [
    { teamId: body.team_id, organizationId: (await teamOf(store, services.snapshot(), body.team_id))?.organization_id },
  ],
  handle: async (context: TeamBulk) => {
    const { store, body } = context;
    const all = body.all_keys_in_team ? await store.find(kinds.key, { is: { team_id: body.team_id } }) : [];
    // Old keys with a successor follow it.
    const keys = body.key_ids ?? all.filter(({ data }) => data.replaced_by == null).map(({ id }) => id);
    return each(keys, async (key) => {
      const found = await findKey(store, key);
      if (found?.data.team_id !== body.team_id)
        throw new SluiceError('not_found', 'There is no such key in this team.', { param: 'key_ids' });
      return updated(context, key, undefined, body.update_fields as KeyChange);
    });
  },
});
