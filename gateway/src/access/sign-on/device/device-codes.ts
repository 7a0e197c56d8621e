import { randomBytes, randomInt } from 'node:crypto';
import type { OnceStore } from '../once.ts';

/** RFC 8628 (rfc-editor.org, read 2026-11-22): who cannot open a page here is let in by who has, elsewhere. */
export interface DeviceStart {
  /** The client's secret. */
  readonly deviceCode: string;
  /** What a person types: `BCDF-GHJK`. */
  readonly userCode: string;
  readonly expiresInSeconds: number;
  readonly intervalSeconds: number;
}

export interface DeviceAsker {
  readonly address: string | undefined;
  readonly userAgent: string | null;
}

/** What a person is shown before they agree. */
export interface PendingDevice {
  readonly address: string | null;
  readonly userAgent: string | null;
  /** Unix milliseconds. */
  readonly startedAt: number;
}

export type DevicePoll =
  | { readonly status: 'pending' | 'slow_down' | 'expired' | 'denied' }
  | { readonly status: 'approved'; readonly userId: string };

/** No vowels, so that no words come about, and nothing that looks like something else. 20 letters, 8 of them: 2.5e10. */
const letters = 'BCDFGHJKLMNPQRSTVWXZ';
const lifeMs = 10 * 60_000;
const intervalMs = 5000;
const deviceKind = 'device';
const userKind = 'device-user';
/** What the person said, under a number that both codes lead to, and that is neither of them. */
const answerKind = 'device-answer';
const maxPolls = 20_000;

export class DeviceCodes {
  readonly #once: OnceStore;
  readonly #now: () => number;
  /** When each was last asked for, by device code: for who asks too often. Of this gateway alone, which is enough for that. */
  readonly #polls = new Map<string, number>();

  constructor(once: OnceStore, now: () => number) {
    this.#once = once;
    this.#now = now;
  }

  async start({ address, userAgent }: DeviceAsker): Promise<DeviceStart> {
    const deviceCode = randomBytes(32).toString('base64url');
    const bare = Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('');
    const pair = randomBytes(32).toString('base64url');
    await this.#once.keep(deviceKind, deviceCode, { pair }, lifeMs);
    await this.#once.keep(
      userKind,
      bare,
      { pair, address: address ?? null, user_agent: userAgent?.slice(0, 200) ?? null, started_at: this.#now() },
      lifeMs,
    );
    return {
      deviceCode,
      userCode: `${bare.slice(0, 4)}-${bare.slice(4)}`,
      expiresInSeconds: lifeMs / 1000,
      intervalSeconds: intervalMs / 1000,
    };
  }

  async look(userCode: string): Promise<PendingDevice | undefined> {
    const found = await this.#once.look(userKind, plain(userCode));
    return (
      found && {
        address: found['address'] as string | null,
        userAgent: found['user_agent'] as string | null,
        startedAt: found['started_at'] as number,
      }
    );
  }

  /** Whether there was such a code. It is used up. */
  async answer(userCode: string, userId: string | undefined): Promise<boolean> {
    const found = await this.#once.take(userKind, plain(userCode));
    if (!found) return false;
    const answer = userId === undefined ? { status: 'denied' } : { status: 'approved', user_id: userId };
    await this.#once.keep(answerKind, found['pair'] as string, answer, lifeMs);
    return true;
  }

  /** Once approved, it is told once. */
  async poll(deviceCode: string): Promise<DevicePoll> {
    if (deviceCode.length > 100) return { status: 'expired' };
    const now = this.#now();
    const before = this.#polls.get(deviceCode);
    const found = await this.#once.look(deviceKind, deviceCode);
    if (!found) return { status: 'expired' };
    this.#polls.delete(deviceCode);
    if (this.#polls.size >= maxPolls) this.#polls.delete(this.#polls.keys().next().value!);
    this.#polls.set(deviceCode, now);
    // A little early is the network's doing.
    if (before !== undefined && now - before < intervalMs * 0.8) return { status: 'slow_down' };
    const said = await this.#once.take(answerKind, found['pair'] as string);
    if (!said) return { status: 'pending' };
    this.#polls.delete(deviceCode);
    await this.#once.take(deviceKind, deviceCode);
    return said['status'] === 'approved' ? { status: 'approved', userId: said['user_id'] as string } : { status: 'denied' };
  }
}

/** As people type it. */
const plain = (userCode: string): string =>
  userCode
    .toUpperCase()
    .replaceAll(/[^A-Z]/g, '')
    .slice(0, 16);
