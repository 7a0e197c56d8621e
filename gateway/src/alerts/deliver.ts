import type { Database } from '../storage/sql/database.ts';
import { DeliveryError } from './channels/channel.ts';
import type { Channels } from './channels/open-channels.ts';
import { claimDeliveries, deliveryFailed, deliveryWasSent, type Delivery } from './deliveries.ts';

export interface DeliverOptions {
  readonly database: Database;
  readonly channels: Channels;
  readonly now: () => number;
  readonly random: () => number;
  /** One was given up. */
  readonly onGivenUp: (delivery: Delivery, error: string) => void;
  /** The gateway is shutting down: what is on its way is left to others. */
  readonly signal: AbortSignal;
}

const perClaim = 20;
const sendMs = 10_000;
/** Longer than a send, and than the statements beside it, take together. */
const claimMs = 60_000;
const [firstPauseMs, longestPauseMs] = [5000, 3_600_000];
const giveUpAfterMs = 24 * 3_600_000;

/** Sends what is due, all of it. A copy that fails is tried again for a day, at growing distances. */
export const deliverDue = async (options: DeliverOptions): Promise<void> => {
  const { database, now, signal } = options;
  while (!signal.aborted) {
    const claimed = await claimDeliveries(database, { now: now(), max: perClaim, claimMs });
    await Promise.all(claimed.map((delivery) => deliver(delivery, options)));
    if (claimed.length < perClaim) return;
  }
};

const deliver = async (delivery: Delivery, { database, channels, now, random, onGivenUp, signal }: DeliverOptions): Promise<void> => {
  try {
    const outlet = channels.outletAt(delivery);
    await outlet.send(delivery, AbortSignal.any([signal, AbortSignal.timeout(sendMs)]));
  } catch (cause) {
    // Nobody knows whether it came: its claim ends by itself, and then it is sent again.
    if (signal.aborted) return;
    const error = reasonOf(cause);
    const nextAt = Math.round(now() + pauseOf(delivery.attempts, random));
    const isOver = nextAt - delivery.createdAt > giveUpAfterMs;
    await deliveryFailed(database, delivery.id, { error, nextAt: isOver ? undefined : nextAt });
    if (isOver) onGivenUp(delivery, error);
    return;
  }
  await deliveryWasSent(database, delivery.id, now());
};

/** What is no words of ours may hold anything. */
export const reasonOf = (cause: unknown): string => (cause instanceof DeliveryError ? cause.message : 'it could not be sent');

/** Milliseconds: twice as long each time, and never the same for two. */
const pauseOf = (attempts: number, random: () => number): number =>
  Math.min(longestPauseMs, firstPauseMs * 2 ** (attempts - 1)) * (0.75 + random() / 2);
