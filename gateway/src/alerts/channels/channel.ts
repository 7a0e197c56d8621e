import type { AlertEvent } from '../event.ts';

/** One copy of an alert. */
export interface Message {
  /** The same for each try of this copy. */
  readonly id: string;
  readonly type: string;
  readonly event: AlertEvent;
}

/** One place that alerts go to. */
export interface Outlet {
  /** Tells it from others of its channel, and is no secret. */
  readonly target: string;
  /** @throws Error without secrets: what was asked for may be read by administrators */
  send(message: Message, signal: AbortSignal): Promise<void>;
}

/** What of a `fetch` is needed; tests hand in their own. */
export type Reach = (url: string, init: RequestInit) => Promise<Response>;

/** Why something could not be delivered, in words that anybody may see. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
}
