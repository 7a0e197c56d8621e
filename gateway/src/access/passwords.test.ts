import { describe, expect, test } from 'bun:test';
import { SluiceError } from 'sluice/kit';
import { checkPassword, createPasswords, maxPasswordLength, nobodysHash, type PasswordPolicy } from './passwords.ts';

const policy: PasswordPolicy = {
  minLength: 12,
  requireUppercase: true,
  requireLowercase: true,
  requireNumbers: true,
  requireSpecialCharacters: true,
};

describe('the policy', () => {
  const refused = [
    ['Sh0rt!Pw', '12 characters'],
    ['weakpassword123!', 'an upper case letter'],
    ['WEAKPASSWORD123!', 'a lower case letter'],
    ['WeakPassword!!!!', 'a digit'],
    ['WeakPassword12345', 'a special character'],
    ['', '12 characters, an upper case letter, a lower case letter, a digit and a special character'],
    // A space is no special character, and a letter with an accent is a letter.
    ['Pässword 1234', 'a special character'],
    // Six signs of two code units each are six characters.
    ['🙂🙂🙂🙂🙂🙂', '12 characters'],
  ] as const;
  test.each(refused)('%s lacks %s', (password, what) => {
    expect(() => checkPassword(password, policy)).toThrow(what);
  });

  test('what it does not ask for is not needed', () => {
    checkPassword('Correct-Horse-7', policy);
    checkPassword('correcthorse', { ...policy, requireUppercase: false, requireNumbers: false, requireSpecialCharacters: false });
    expect(() => checkPassword(`Aa1!${'x'.repeat(maxPasswordLength)}`, policy)).toThrow(`at most ${maxPasswordLength}`);
  });

  test('the error names the member and not the password', () => {
    try {
      checkPassword('hunter2', policy);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'invalid_request', param: 'password' });
      expect(String(error)).not.toContain('hunter2');
    }
  });
});

describe('hashes', () => {
  const passwords = createPasswords();

  test('argon2id, each with a salt of its own', async () => {
    const [one, two] = [await passwords.hash('Correct-Horse-7'), await passwords.hash('Correct-Horse-7')];
    expect(one).toStartWith('$argon2id$v=19$m=19456,t=2,p=1$');
    expect(two).not.toBe(one);
    expect(await passwords.verify('Correct-Horse-7', one)).toBe(true);
    expect(await passwords.verify('correct-horse-7', one)).toBe(false);
  });

  test('the same letters typed in another way are the same password', async () => {
    const hash = await passwords.hash('Cafe\u0301-12345');
    expect(await passwords.verify('Caf\u00e9-12345', hash)).toBe(true);
  });

  test('nobody and no password are never right', async () => {
    for (const none of [undefined, null, nobodysHash]) expect(await passwords.verify('anything', none)).toBe(false);
    const hash = await passwords.hash('x'.repeat(maxPasswordLength));
    // A longer one is not cut down to one that is right.
    expect(await passwords.verify('x'.repeat(maxPasswordLength + 1), hash)).toBe(false);
    for (const broken of ['', 'scrypt:abc', '$argon2id$v=19$']) expect(await passwords.verify('anything', broken)).toBe(false);
    expect(await passwords.verify('', hash)).toBe(false);
  });

  test('a user who does not exist costs as much as one who does', async () => {
    const hash = await passwords.hash('Correct-Horse-7');
    const costs = (text: string) => text.split('$').slice(1, 4);
    expect(costs(nobodysHash)).toEqual(costs(hash));
    const fastest = async (work: () => Promise<unknown>) => {
      let best = Infinity;
      for (let round = 0; round < 4; round++) {
        const began = performance.now();
        await work();
        best = Math.min(best, performance.now() - began);
      }
      return best;
    };
    const known = await fastest(() => passwords.verify('wrong', hash));
    const unknown = await fastest(() => passwords.verify('wrong', undefined));
    // Within a factor that no shortcut would keep: without a hash to check it would be a thousandth.
    expect(unknown).toBeGreaterThan(known / 4);
  });
});

test('two at a time, a bounded number waits, and others are refused', async () => {
  const passwords = createPasswords({ concurrency: 2, maxWaiting: 3 });
  const all = await Promise.allSettled(Array.from({ length: 8 }, () => passwords.hash('Correct-Horse-7')));
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  const failed = all.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  for (const reason of failed) {
    expect(SluiceError.is(reason) && reason.code).toBe('unavailable');
    expect((reason as SluiceError).retryAfterMs).toBeGreaterThan(0);
  }
  // Those that failed have given their places back.
  expect(await passwords.verify('x', undefined)).toBe(false);
  const again = await Promise.allSettled(Array.from({ length: 5 }, () => passwords.verify('x', undefined)));
  expect(again.every(({ status }) => status === 'fulfilled')).toBe(true);
});

test('the loop goes on while passwords are hashed', async () => {
  const passwords = createPasswords();
  let turns = 0;
  const ticking = setInterval(() => turns++, 1);
  await Promise.all([passwords.hash('Correct-Horse-7'), passwords.hash('Correct-Horse-8'), passwords.hash('Correct-Horse-9')]);
  clearInterval(ticking);
  expect(turns).toBeGreaterThan(3);
});
