import type { Secret } from 'sluice/kit';
import { post } from './post.ts';
import type { Outlet, Reach } from './channel.ts';

export interface WebhookOptions {
  readonly url: Secret;
  readonly target: string;
  /** Signs what is sent. */
  readonly secret?: Secret | undefined;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/**
 * LiteLLM's webhook: the event as JSON. Beside it an id of this copy, for receivers to leave out what comes twice, in
 * `x-sluice-alert-id` and in `dedupe_id`.
 */
export const webhookOutlet = (reach: Reach, { url, target, secret, now }: WebhookOptions): Outlet => ({
  target,
  async send({ id, event }, signal) {
    const body = JSON.stringify({ ...event, dedupe_id: id });
    const headers = { 'x-sluice-alert-id': id, ...(secret && { 'x-sluice-signature': signatureOf(secret, body, now()) }) };
    await post(reach, url.reveal(), { body, headers, signal });
  },
});

/** `t=<Unix seconds>,v1=<HMAC-SHA-256 of "<t>.<body>" in hex>`: the time is signed, so that an old copy cannot be sent again. */
export const signatureOf = (secret: Secret, body: string, now: number): string => {
  const at = Math.floor(now / 1000);
  const mac = new Bun.CryptoHasher('sha256', secret.reveal()).update(`${at}.${body}`).digest('hex');
  return `t=${at},v1=${mac}`;
};
