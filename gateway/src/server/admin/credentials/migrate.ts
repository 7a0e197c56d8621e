import { kinds, type Kind } from '../../../access/records/kinds.ts';
import type { CredentialRecord, ModelRecord, SettingRecord } from '../../../access/records/records.ts';
import { openMembers, sealedTexts, type Seals } from '../../../config/stored/open-members.ts';
import { sealMembers } from '../../../config/stored/secret-members.ts';
import { sealedPlace } from '../../../config/stored/stored-rows.ts';
import { sealedWith } from '../../../storage/sealed/index.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { haveLive } from '../settings/have-live.ts';
import { migrationQuery } from './schemas.ts';

/** How things of one kind hold what is sealed. */
interface Holder<T> {
  readonly kind: Kind<T>;
  readonly place: (id: string) => string;
  readonly sealed: (data: T) => unknown;
  readonly with: (data: T, sealed: unknown) => T;
}

const holder = <T>(given: Holder<T>): Holder<unknown> => given as unknown as Holder<unknown>;

const holders: readonly Holder<unknown>[] = [
  holder<ModelRecord>({
    kind: kinds.model,
    place: sealedPlace.model,
    sealed: ({ litellm_params: params }) => params,
    with: (data, params) => ({ ...data, litellm_params: params as ModelRecord['litellm_params'] }),
  }),
  holder<CredentialRecord>({
    kind: kinds.credential,
    place: sealedPlace.credential,
    sealed: ({ credential_values: values }) => values,
    with: (data, values) => ({ ...data, credential_values: values as CredentialRecord['credential_values'] }),
  }),
  holder<SettingRecord>({ kind: kinds.setting, place: sealedPlace.setting, sealed: ({ value }) => value, with: (_, value) => ({ value }) }),
];

type Sealer = Seals & { readonly currentKeyId: string };

/** What is sealed with another key than the current one. */
const isOld = (value: unknown, { currentKeyId }: Sealer): boolean => sealedTexts(value).some((text) => sealedWith(text) !== currentKeyId);

/** Opened and sealed anew, text by text, so that it is sealed what was. @returns `why` where it cannot be opened */
const renewed = (value: unknown, place: string, sealer: Sealer): { value: unknown } | { why: string } => {
  const opened = openMembers(value, place, sealer);
  return opened.why === undefined ? { value: sealMembers(opened.value, place, sealer) } : { why: opened.why };
};

interface Failure {
  readonly kind: string;
  readonly id: string;
  readonly error: string;
}

/** One row at a time, in transactions of their own: others read and write meanwhile, and who stops in the middle goes on later. */
const migrate = async ({ store, services, actor }: Pick<AdminContext, 'store' | 'services' | 'actor'>, dryRun: boolean) => {
  const { sealer } = services;
  let scanned = 0;
  let upToDate = 0;
  let migrated = 0;
  const failures: Failure[] = [];
  for (const { kind, place, sealed, with: joined } of holders) {
    for (const { id, data } of await store.find(kind)) {
      scanned++;
      if (!isOld(sealed(data), sealer)) {
        const { why } = openMembers(sealed(data), place(id), sealer);
        if (why === undefined) upToDate++;
        else failures.push({ kind: kind.name, id, error: why });
        continue;
      }
      const next = renewed(sealed(data), place(id), sealer);
      if ('why' in next) {
        failures.push({ kind: kind.name, id, error: next.why });
        continue;
      }
      migrated++;
      if (dryRun) continue;
      await store.write(actor, async (writing) => {
        if (!(await writing.get(kind, id))) return;
        await writing.update(
          kind,
          id,
          // What is there now, not what was read: somebody may have changed it since.
          (now) => {
            const again = renewed(sealed(now), place(id), sealer);
            return 'why' in again || !isOld(sealed(now), sealer) ? now : joined(now, again.value);
          },
          'rotated',
        );
      });
    }
  }
  if (migrated > 0 && !dryRun) await haveLive(services);
  return {
    status: failures.length > 0 ? 'incomplete' : 'success',
    dry_run: dryRun,
    current_key: sealer.currentKeyId,
    scanned,
    up_to_date: upToDate,
    migrated: dryRun ? 0 : migrated,
    to_migrate: dryRun ? migrated : 0,
    decryption_failed: failures.length,
    failures: failures.slice(0, maxFailures),
  };
};

/** Their number is told whole. */
const maxFailures = 100;

export const migrateEncryption = adminRoute({
  method: 'POST',
  paths: ['/credentials/migrate-encryption'],
  action: 'credential.write',
  query: migrationQuery,
  summary: 'Seals everything with the current salt key that was sealed with an older one, while the gateway runs.',
  handle: (context) => migrate(context, context.query.dry_run),
});

export const checkEncryption = adminRoute({
  method: 'GET',
  paths: ['/credentials/migrate-encryption/check'],
  action: 'credential.see',
  summary: 'Says how much is sealed with an older salt key, and what cannot be opened at all.',
  handle: (context) => migrate(context, true),
});
