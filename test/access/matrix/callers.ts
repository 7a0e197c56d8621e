import { hashKey } from '../../../gateway/src/access/keys/secret.ts';
import { masterPrincipal, type Principal } from '../../../gateway/src/access/principal.ts';
import type { KeyRecord } from '../../../gateway/src/access/records/records.ts';
import { masterKey } from '../../kit/admin.ts';
import { keyOfCaller, people, specialKeys, spareKeyOf } from './places.ts';

/** Somebody who calls, and what the table is to be asked for them. */
export interface MatrixCaller {
  readonly name: string;
  readonly key: string;
  /** As the gateway should know them; worked out of the fixtures, not by the gateway. */
  readonly principal: Principal;
  /** Of the person behind it. */
  readonly spareKey?: string;
}

const ofKey = (name: string, data: KeyRecord): MatrixCaller => {
  const person = data.user_id == null ? undefined : people[data.user_id];
  const key = keyOfCaller(name);
  const stored = { id: hashKey(key), version: 1, data, createdAt: 0, createdBy: undefined, updatedAt: 0, updatedBy: undefined };
  return {
    name,
    key,
    principal: {
      ...masterPrincipal,
      kind: 'key',
      role: person?.role,
      userId: data.user_id ?? undefined,
      teamId: data.team_id ?? undefined,
      key: stored,
      teams: new Map(Object.entries(person?.teams ?? {})),
      organizations: new Map(Object.entries(person?.organizations ?? {})),
    },
    ...(person && { spareKey: spareKeyOf(data.user_id!) }),
  };
};

export const callers: readonly MatrixCaller[] = [
  { name: 'master', key: masterKey, principal: masterPrincipal },
  ...Object.keys(people).map((name) => ofKey(name, { key_name: 'sk-...here', models: [], user_id: name })),
  ...Object.entries(specialKeys).map(([name, data]) => ofKey(name, data as KeyRecord)),
];
