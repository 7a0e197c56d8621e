import type { Charge, SpendEvent } from '../event.ts';
import { storedName, storedSubject } from './names.ts';

/** The counters that a call is charged to, as they are stored. */
export interface ChargeList {
  /** Each once. */
  readonly charges: readonly Charge[];
  /** As a row has them: by the start of the period, with marks for what the row's columns say. */
  readonly packed: Readonly<Record<string, readonly string[]>>;
}

/** How counters are written that are called as a column of the row says: `~k` for `key:<key_id>`. `derive.ts` reads them back. */
export const packed = [
  ['~k', 'key:', 'keyId', 'key_id'],
  ['~u', 'user:', 'userId', 'user_id'],
  ['~t', 'team:', 'teamId', 'team_id'],
  ['~o', 'organization:', 'organizationId', 'organization_id'],
  ['~p', 'project:', 'projectId', 'project_id'],
  ['~c', 'customer:', 'customerId', 'customer_id'],
  ['~a', 'agent:', 'agentId', 'agent_id'],
] as const;

/** Callers have few lists each; when a period begins they have others. */
const maxKnown = 2000;
const known = new Map<string, ChargeList>();

/** Calls of one caller are charged to the same counters: what those are called is worked out once, and is one object for all. */
export const chargeListOf = (event: SpendEvent): ChargeList => {
  const key = keyOf(event);
  const found = known.get(key);
  if (found) return found;
  const made = makeList(event);
  if (known.size >= maxKnown) known.clear();
  known.set(key, made);
  return made;
};

/** Names are of any characters, so each says its length: what a client makes up must not be another's list. */
const keyOf = (event: SpendEvent): string => {
  let key = '';
  for (const [, , member] of packed) {
    const id = event[member];
    key += id === undefined ? '-' : `${id.length}:${id}`;
  }
  for (const [subject, periodStart] of event.charges) key += `${subject.length}:${subject}${periodStart};`;
  return key;
};

const makeList = (event: SpendEvent): ChargeList => {
  const charges: Charge[] = [];
  const all: Record<string, string[]> = {};
  for (const [subject, periodStart] of event.charges) {
    const stored = storedSubject(subject);
    if (charges.some(([of, start]) => of === stored && start === periodStart)) continue;
    charges.push([stored, periodStart]);
    (all[periodStart] ??= []).push(packSubject(stored, event));
  }
  return { charges, packed: all };
};

const packSubject = (subject: string, event: SpendEvent): string => {
  for (const [mark, prefix, member] of packed) {
    if (!subject.startsWith(prefix)) continue;
    const id = event[member];
    // One that is stored shorter is not what the column says.
    if (id === undefined || id === '' || storedName(id) !== id) break;
    const named = prefix + id;
    if (subject === named || subject.startsWith(`${named}/`)) return mark + subject.slice(named.length);
  }
  return subject;
};
