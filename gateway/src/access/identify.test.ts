import { describe, expect, test } from 'bun:test';
import { SluiceError } from 'sluice/kit';
import type { Authenticate, Caller } from './caller.ts';
import { Directory } from './directory/directory.ts';
import { KeyPrincipals } from './directory/key-principals.ts';
import { createIdentify } from './identify.ts';
import { hashKey } from './keys/secret.ts';
import { masterPrincipal, type Principal } from './principal.ts';
import type { KeyRecord } from './records/records.ts';
import type { Store } from './store/store.ts';
import { UnknownKeys } from './unknown-keys.ts';

/** A gateway's door, in front of a table of keys that can be away, and can be slow. */
const door = (options: { others?: Authenticate[]; perMinute?: number; noDatabase?: boolean } = {}) => {
  const rows = new Map<string, KeyRecord>();
  let now = 1_000_000;
  let reads = 0;
  let away = false;
  let held: Promise<void> | undefined;
  let tell: (kind: string | undefined, id: string) => void = () => {};
  const store = {
    get: async (_: unknown, id: string) => {
      reads++;
      const data = rows.get(id);
      await held;
      if (away) throw new SluiceError('unavailable', 'The database is not reachable.');
      return data && { id, version: 1, data, createdAt: 0, createdBy: undefined, updatedAt: 0, updatedBy: undefined };
    },
    onChanged: (listener: typeof tell) => {
      tell = listener;
      return () => {};
    },
  } as unknown as Store;
  const directory = new Directory({ store, now: () => now, freshMs: 1000, staleMs: 60_000 });
  const unknown = new UnknownKeys({ now: () => now, rememberMs: 10_000, perMinute: options.perMinute ?? 3 });
  const identify = createIdentify({
    isMaster: (presented) => presented === 'sk-master',
    ...(!options.noDatabase && { keys: new KeyPrincipals(directory, () => now) }),
    unknown,
    others: () => options.others ?? [],
    now: () => now,
  });
  const callerOf = (presented: string | undefined, address = '1.1.1.1'): Caller => ({
    presented,
    headers: new Headers(),
    method: 'POST',
    path: '/v1/chat/completions',
    address: () => address,
  });
  return {
    /** The id of who calls, or the status and type of the refusal. */
    async who(presented: string | undefined, address?: string): Promise<unknown> {
      try {
        const principal = await identify(callerOf(presented, address));
        return principal.key?.data.key_name ?? principal.kind;
      } catch (cause) {
        return SluiceError.is(cause) ? [cause.status, cause.type] : cause;
      }
    },
    raw: (presented: string | undefined) => identify(callerOf(presented)),
    make(key: string, more: Partial<KeyRecord> = {}, told = true) {
      rows.set(hashKey(key), { key_name: key, models: [], ...more });
      if (told) this.tellOf(key);
    },
    drop: (key: string) => void rows.delete(hashKey(key)),
    tellOf(key: string | undefined) {
      if (key === undefined) unknown.forgetAll();
      else unknown.forget(hashKey(key));
      tell(key === undefined ? undefined : 'key', key === undefined ? '' : hashKey(key));
    },
    later: (ms: number) => void (now += ms),
    reads: () => reads,
    away: (is: boolean) => void (away = is),
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return () => {
        held = undefined;
        resolve();
      };
    },
  };
};

describe('who calls', () => {
  test('is the master, at once', () => {
    expect(door().raw('sk-master')).toBe(masterPrincipal);
    expect(door({ noDatabase: true }).raw('sk-master')).toBe(masterPrincipal);
  });

  test('is nobody without a key, or with one that there is none of', async () => {
    const { who } = door();
    for (const none of [undefined, '']) expect(await who(none)).toEqual([401, 'auth_error']);
    expect(await who('sk-guess')).toEqual([401, 'token_not_found_in_db']);
    expect(await door({ noDatabase: true }).who('sk-guess')).toEqual([401, 'token_not_found_in_db']);
  });

  test('is a key: read once, then known at once', async () => {
    const gate = door();
    gate.make('sk-a');
    expect(await gate.who('sk-a')).toBe('sk-a');
    expect([gate.raw('sk-a') instanceof Promise, gate.reads()]).toEqual([false, 1]);
    gate.later(500);
    expect([await gate.who('sk-a'), gate.reads()]).toEqual(['sk-a', 1]);
  });

  test('a key that is blocked or over is refused, also where it is known', async () => {
    const gate = door();
    gate.make('sk-a', { expires_at: 1_000_500 });
    expect(await gate.who('sk-a')).toBe('sk-a');
    gate.later(500);
    expect(await gate.who('sk-a')).toEqual([401, 'expired_key']);
    gate.make('sk-b', { blocked: true });
    expect(await gate.who('sk-b')).toEqual([401, 'auth_error']);
  });

  test('a key that is deleted is nobody’s from that moment', async () => {
    const gate = door();
    gate.make('sk-a');
    await gate.who('sk-a');
    gate.drop('sk-a');
    gate.tellOf('sk-a');
    expect(await gate.who('sk-a')).toEqual([401, 'token_not_found_in_db']);
  });
});

describe('keys that there are none of', () => {
  test('are not looked for again for a while', async () => {
    const gate = door();
    for (let each = 0; each < 5; each++) expect(await gate.who('sk-guess')).toEqual([401, 'token_not_found_in_db']);
    expect(gate.reads()).toBe(1);
    gate.later(10_000);
    await gate.who('sk-guess');
    expect(gate.reads()).toBe(2);
  });

  test('are good as soon as they are made', async () => {
    const gate = door();
    await gate.who('sk-a');
    gate.make('sk-a');
    expect(await gate.who('sk-a')).toBe('sk-a');
  });

  test('also where that was not heard of, but that something may have been missed', async () => {
    const gate = door();
    await gate.who('sk-a');
    gate.make('sk-a', {}, false);
    expect(await gate.who('sk-a')).toEqual([401, 'token_not_found_in_db']);
    gate.tellOf(undefined);
    expect(await gate.who('sk-a')).toBe('sk-a');
  });

  test('FP-15: also where somebody was looking for them while they were made', async () => {
    const gate = door();
    const release = gate.hold();
    const before = gate.who('sk-a');
    gate.make('sk-a');
    release();
    expect(await before).toEqual([401, 'token_not_found_in_db']);
    expect(await gate.who('sk-a')).toBe('sk-a');
  });

  test('FP-63: are few a minute from one address, and no matter to others', async () => {
    const gate = door({ perMinute: 3 });
    gate.make('sk-known');
    await gate.who('sk-known');
    for (const guess of ['sk-1', 'sk-2', 'sk-3']) expect(await gate.who(guess)).toEqual([401, 'token_not_found_in_db']);
    const reads = gate.reads();
    for (const guess of ['sk-4', 'sk-5']) expect(await gate.who(guess)).toEqual([429, undefined]);
    expect(gate.reads()).toBe(reads);
    // Its neighbours behind the same address go on, also those whose key has to be looked for again.
    expect(await gate.who('sk-known')).toBe('sk-known');
    gate.later(30_000);
    expect(await gate.who('sk-known')).toBe('sk-known');
    gate.tellOf(undefined);
    expect(await gate.who('sk-known')).toBe('sk-known');
    expect(await gate.who('sk-6', '2.2.2.2')).toEqual([401, 'token_not_found_in_db']);
    gate.later(30_000);
    expect(await gate.who('sk-7')).toEqual([401, 'token_not_found_in_db']);
  });
});

describe('FP-11: while the database is away', () => {
  test('nobody is told that a key is wrong: known ones go on, unknown ones are told to come again', async () => {
    const gate = door();
    gate.make('sk-a');
    await gate.who('sk-a');
    gate.away(true);
    gate.tellOf(undefined);
    for (const laterMs of [0, 5000, 50_000]) {
      gate.later(laterMs);
      expect(await gate.who('sk-a')).toBe('sk-a');
      expect(await gate.who(`sk-unknown-${laterMs}`)).toEqual([503, undefined]);
    }
    // Longer than the grace time.
    gate.later(10_000);
    expect(await gate.who('sk-a')).toEqual([503, undefined]);
    gate.away(false);
    expect([await gate.who('sk-a'), await gate.who('sk-unknown-0')]).toEqual(['sk-a', [401, 'token_not_found_in_db']]);
  });

  test('who waits does not count as one who guesses', async () => {
    const gate = door({ perMinute: 2 });
    gate.away(true);
    for (let each = 0; each < 10; each++) expect(await gate.who(`sk-${each}`)).toEqual([503, undefined]);
    gate.away(false);
    gate.make('sk-a');
    expect(await gate.who('sk-a')).toBe('sk-a');
  });

  test('the master needs no database', async () => {
    const gate = door();
    gate.away(true);
    expect(await gate.who('sk-master')).toBe('master');
  });
});

describe('other ways', () => {
  const person: Principal = { ...masterPrincipal, kind: 'jwt', role: 'internal_user' };

  test('come before keys, in their order, and the master before all of them', async () => {
    const asked: string[] = [];
    const way =
      (name: string, answer: Principal | undefined, later: boolean): Authenticate =>
      () => {
        asked.push(name);
        return later ? Promise.resolve(answer) : answer;
      };
    const all = door({
      others: [way('a', undefined, false), way('b', undefined, true), way('c', person, true), way('d', undefined, false)],
    });
    expect([await all.who('token'), asked.splice(0)]).toEqual(['jwt', ['a', 'b', 'c']]);
    expect([await all.who('sk-master'), asked.splice(0)]).toEqual(['master', []]);
    const none = door({ others: [way('a', undefined, true), way('b', undefined, false)] });
    none.make('sk-a');
    expect([await none.who('sk-a'), asked.splice(0)]).toEqual(['sk-a', ['a', 'b']]);
    expect([await none.who(undefined), asked.splice(0)]).toEqual([
      [401, 'auth_error'],
      ['a', 'b'],
    ]);
    const now = door({ others: [way('a', person, false)] });
    expect([await now.who(undefined), asked.splice(0)]).toEqual(['jwt', ['a']]);
  });

  test('that refuse are the end of it: nothing else is tried with what was refused', async () => {
    const refuse: Authenticate = () => Promise.reject(new SluiceError('authentication', 'expired', { type: 'expired_token' }));
    const gate = door({ others: [refuse] });
    gate.make('sk-a');
    expect([await gate.who('sk-a'), gate.reads()]).toEqual([[401, 'expired_token'], 0]);
  });

  test('bring nobody in who is blocked', async () => {
    const user = { id: 'u', version: 1, createdAt: 0, createdBy: undefined, updatedAt: 0, updatedBy: undefined };
    const blocked = { ...person, user: { ...user, data: { user_role: 'internal_user' as const, models: [], blocked: true } } };
    for (const way of [() => blocked, () => Promise.resolve(blocked)])
      expect(await door({ others: [way] }).who('token')).toEqual([401, 'auth_error']);
  });
});
