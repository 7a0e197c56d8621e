import { urlOf, type RedisAddress } from './address.ts';

const firstWaitMs = 100;
const maxWaitMs = 5000;

export interface SubscriberOptions {
  /** Asked for each connection: in a cluster any server will do, as all are told what is published. */
  readonly address: () => RedisAddress;
  readonly connectTimeoutMs: number;
  readonly tls?: Bun.TLSOptions;
  readonly random: () => number;
  /** It listens again, and may have missed something. */
  readonly onListening: () => void;
}

export interface Subscriber {
  /** One listener a channel. */
  subscribe(channel: string, listener: (message: string) => void): void;
  /** A new connection: the one that there is may be dead without knowing it. */
  renew(): void;
  close(): void;
}

/** Listens to channels on a connection of its own, for as long as it is not closed. What is published in between is missed. */
export const createSubscriber = ({ address, connectTimeoutMs, tls, random, onListening }: SubscriberOptions): Subscriber => {
  const listeners = new Map<string, (message: string) => void>();
  let client: Bun.RedisClient | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let closed = false;

  const connect = async (): Promise<void> => {
    timer = undefined;
    const at = address();
    const mine = new Bun.RedisClient(urlOf({ ...at, db: 0 }), {
      autoReconnect: false,
      enableOfflineQueue: false,
      connectionTimeout: connectTimeoutMs,
      ...(at.tls && { tls: tls ?? true }),
    });
    client = mine;
    // It is no EventTarget.
    // oxlint-disable-next-line unicorn/prefer-add-event-listener
    mine.onclose = () => {
      if (client === mine) again();
    };
    try {
      await mine.connect();
      for (const [channel, listener] of listeners) await mine.subscribe(channel, listener);
    } catch {
      mine.close();
      if (client === mine) again();
      return;
    }
    if (client !== mine) return mine.close();
    failures = 0;
    onListening();
  };

  const again = (): void => {
    client = undefined;
    if (closed || timer !== undefined) return;
    const wait = Math.min(firstWaitMs * 2 ** Math.min(failures++, 20), maxWaitMs);
    timer = setTimeout(() => void connect(), wait * (0.8 + 0.4 * random()));
  };

  const renew = (): void => {
    if (closed) return;
    clearTimeout(timer);
    const before = client;
    client = undefined;
    before?.close();
    void connect();
  };

  return {
    subscribe(channel, listener) {
      listeners.set(channel, listener);
      if (!client && timer === undefined) void connect();
      // Where it is connecting or listening already, it begins anew with all channels.
      else renew();
    },
    renew,
    close() {
      closed = true;
      clearTimeout(timer);
      const before = client;
      client = undefined;
      before?.close();
    },
  };
};
