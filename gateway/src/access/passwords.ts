import { SluiceError } from 'sluice/kit';

/** What a new password must be like (`general_settings.password_policy_*`). */
export interface PasswordPolicy {
  readonly minLength: number;
  readonly requireUppercase: boolean;
  readonly requireLowercase: boolean;
  readonly requireNumbers: boolean;
  /** Neither a letter, a digit nor a space. */
  readonly requireSpecialCharacters: boolean;
}

/** Longer ones are refused: they cost time, and add nothing. */
export const maxPasswordLength = 1024;

const rules: readonly (readonly [keyof PasswordPolicy, RegExp, string])[] = [
  ['requireUppercase', /\p{Lu}/u, 'an upper case letter'],
  ['requireLowercase', /\p{Ll}/u, 'a lower case letter'],
  ['requireNumbers', /\p{Nd}/u, 'a digit'],
  ['requireSpecialCharacters', /[^\p{L}\p{N}\s]/u, 'a special character'],
];

/** @throws SluiceError `invalid_request` for a password that the policy does not take; it says all that is missing */
export const checkPassword = (password: string, policy: PasswordPolicy): void => {
  if (password.length > maxPasswordLength) throw refusal(`A password has at most ${maxPasswordLength} characters.`);
  const missing = rules.filter(([rule, pattern]) => policy[rule] && !pattern.test(password)).map(([, , what]) => what);
  if ([...password].length < policy.minLength) missing.unshift(`${policy.minLength} characters`);
  if (missing.length > 0) throw refusal(`The password must have at least ${list(missing)}.`);
};

const list = (words: readonly string[]): string =>
  words.length === 1 ? words[0]! : `${words.slice(0, -1).join(', ')} and ${words.at(-1)!}`;

const refusal = (message: string): SluiceError => new SluiceError('invalid_request', message, { param: 'password' });

/**
 * Of one hash: 19 MiB and two passes, what OWASP asks for at least with one lane
 * (cheatsheetseries.owasp.org, Password Storage, 2026-11).
 */
const argon2id = { algorithm: 'argon2id', memoryCost: 19_456, timeCost: 2 } as const;

/** Of a password that nobody has: users who do not exist take as long to check as those who do. Made with the same costs. */
export const nobodysHash =
  '$argon2id$v=19$m=19456,t=2,p=1$c2x1aWNlLW5vYm9keS1oYXMtdGhpcy1wYXNzd29yZCE$5uGkHkRqBfpbFRqEJpEiXMPjkJOBwV2JSb1zPjz8Qg8';

/** Hashes and checks passwords, two at a time, off the loop that serves calls. */
export interface Passwords {
  /** @returns a PHC string. @throws SluiceError `unavailable` when too many wait */
  hash(password: string): Promise<string>;
  /**
   * @param hash what is stored; undefined for a user who does not exist or has no password: false, after the same time
   * @throws SluiceError `unavailable` when too many wait
   */
  verify(password: string, hash: string | null | undefined): Promise<boolean>;
}

export interface PasswordOptions {
  /** At the same time: each takes a core and 19 MiB. */
  readonly concurrency?: number;
  /** More than so many that wait are refused. */
  readonly maxWaiting?: number;
}

export const createPasswords = ({ concurrency = 2, maxWaiting = 64 }: PasswordOptions = {}): Passwords => {
  let running = 0;
  const waiting: (() => void)[] = [];
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= concurrency) {
      if (waiting.length >= maxWaiting)
        throw new SluiceError('unavailable', 'Too many passwords are being checked. Try again in a moment.', { retryAfterMs: 1000 });
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running++;
    try {
      return await work();
    } finally {
      // Who waits takes over the place, so that nobody who comes now gets in between.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
  return {
    hash: (password) => inTurn(() => Bun.password.hash(normal(password), argon2id)),
    verify: (password, hash) =>
      inTurn(async () => {
        const possible = hash != null && password.length <= maxPasswordLength;
        const right = await Bun.password
          .verify(normal(password.slice(0, maxPasswordLength)), possible ? hash : nobodysHash)
          .catch(() => false);
        return possible && right;
      }),
  };
};

/** The same letters typed on another keyboard are the same password. */
const normal = (password: string): string => password.normalize('NFKC');
