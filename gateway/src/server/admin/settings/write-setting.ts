import { SluiceError } from 'sluice/kit';
import { kinds } from '../../../access/records/kinds.ts';
import { hasEntries, ownedByFile, placeOfEntry, placeOfSetting } from '../../../config/stored/join-setting.ts';
import { openMembers } from '../../../config/stored/open-members.ts';
import { mask, sealMembers } from '../../../config/stored/secret-members.ts';
import { sealedPlace } from '../../../config/stored/stored-rows.ts';
import type { Writing } from '../../../access/store/writing.ts';
import type { AdminContext } from '../admin-route.ts';
import { limiters } from '../../../config/priority.ts';
import { demandSettable } from './settable.ts';

type Context = Pick<AdminContext, 'store' | 'services' | 'actor'>;
type Services = Context['services'];

/** @throws SluiceError `invalid_request` where the configuration file says the setting, or this entry of it (FP-39) */
export const refuseOwned = ({ snapshot }: Pick<Services, 'snapshot'>, path: string, entry?: string): void => {
  const { origin } = snapshot();
  const place = entry === undefined ? (hasEntries(path) ? undefined : placeOfSetting(origin, path)) : placeOfEntry(origin, path, entry);
  if (!place) return;
  const name = entry === undefined ? path : `${path}.${entry}`;
  throw new SluiceError('invalid_request', `${name} ${ownedByFile(place)}.`, { param: path.slice(path.indexOf('.') + 1) });
};

/**
 * Changes what the database says of a setting, checked as the file is.
 * @param change gets what it says now; `undefined` takes it away
 * @throws SluiceError `invalid_request`, naming what is wrong
 */
export const writeSetting = (context: Context, path: string, change: (before: unknown) => unknown): Promise<void> =>
  context.store.write(context.actor, (writing) => changeSetting(context.services, writing, path, change));

/** Several, all or none. */
export const writeSettings = (context: Context, changes: ReadonlyMap<string, (before: unknown) => unknown>): Promise<void> =>
  context.store.write(context.actor, async (writing) => {
    for (const [path, change] of changes) await changeSetting(context.services, writing, path, change);
  });

const changeSetting = async (services: Services, writing: Writing, path: string, change: (before: unknown) => unknown): Promise<void> => {
  demandSettable(path);
  // Two changes of one list must not both begin with what was there before.
  await writing.tx.lock(`setting ${path}`);
  const row = await writing.get(kinds.setting, path);
  const before = row && openMembers(row.data.value, sealedPlace.setting(path), services.sealer);
  if (before?.why !== undefined)
    throw new SluiceError('invalid_request', `${path} cannot be opened, so it cannot be changed: ${before.why} Delete it first.`);
  const after = change(before?.value);
  if (after === undefined || after === null) return void (await writing.remove(kinds.setting, path));
  if (JSON.stringify(after).includes(`"${mask}"`))
    throw new SluiceError('invalid_request', `${path} holds ${mask}, which is shown instead of a secret: give the secret itself.`, {
      param: path.slice(path.indexOf('.') + 1),
    });
  if (path === 'litellm_settings.callbacks') demandCallbacks(after);
  const { stored } = await services.stored.check(services.snapshot(), { settings: [{ path, value: after }] });
  const problem = stored?.problems.find((each) => each.kind === 'setting');
  if (problem)
    throw new SluiceError('invalid_request', `${problem.message}.`.replace(/\.\.$/, '.'), { param: path.slice(path.indexOf('.') + 1) });
  const value = sealMembers(after, sealedPlace.setting(path), services.sealer);
  await writing.put(kinds.setting, path, () => ({ value }));
};

/** In a file others are known and named at start; what is sent here must not be taken and have no effect. */
const demandCallbacks = (names: unknown): void => {
  for (const name of Array.isArray(names) ? names : [names])
    if (typeof name !== 'string' || !Object.hasOwn(limiters, name))
      throw new SluiceError(
        'invalid_request',
        `There is no callback ${String(name).slice(0, 100)} here: take ${Object.keys(limiters).join(' or ')}.`,
        {
          param: 'callbacks',
        },
      );
};
