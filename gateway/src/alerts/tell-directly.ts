import type { AlertType } from '../config/alert-types.ts';
import type { Message } from './channels/channel.ts';
import type { Channels } from './channels/open-channels.ts';
import { reasonOf } from './deliver.ts';

/** Of the gateway itself: the database, which others go through, may be what is away. */
export type Trouble = Extract<AlertType, 'failed_tracking_spend' | 'db_exceptions'>;

const tries = 3;
const pauseMs = 2000;
const sendMs = 10_000;

/** Sends something at once and without the database, to all places that take it. @returns why it did not arrive, place by place */
export const tellDirectly = async (
  type: Trouble,
  text: string,
  { channels, signal, sleep }: { readonly channels: Channels; readonly signal: AbortSignal; readonly sleep: (ms: number) => Promise<void> },
): Promise<readonly string[]> => {
  const message: Message = {
    id: crypto.randomUUID(),
    type,
    event: { event: type, event_group: 'proxy', event_message: text, subject: 'gateway', spend: 0 },
  };
  const failures = await Promise.all(
    channels.destinationsOf(type, type, []).map(async (destination) => {
      for (let left = tries; ; left--) {
        try {
          await channels.outletAt(destination).send(message, AbortSignal.any([signal, AbortSignal.timeout(sendMs)]));
          return undefined;
        } catch (cause) {
          if (left <= 1 || signal.aborted) return `${destination.channel}: ${reasonOf(cause)}`;
          await sleep(pauseMs);
        }
      }
    }),
  );
  return failures.filter((each) => each !== undefined);
};
