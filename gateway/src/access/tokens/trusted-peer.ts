import { SluiceError } from 'sluice/kit';
import type { Caller } from '../caller.ts';
import { AddressList } from '../client-address.ts';

/** Made once for each list of a configuration, which is never changed. */
const lists = new WeakMap<readonly string[], AddressList>();

/**
 * Whether who speaks to the gateway itself, and not whoever it says that it speaks for, is a proxy that is trusted.
 * @throws SluiceError `authentication` where it is not: whoever writes such headers without being one means no good
 */
export const demandTrustedPeer = ({ peer }: Caller, trustedProxies: readonly string[], what: string): void => {
  let list = lists.get(trustedProxies);
  if (!list) lists.set(trustedProxies, (list = new AddressList(trustedProxies)));
  if (!list.has(peer?.()))
    throw new SluiceError('authentication', `Only a proxy of general_settings.trusted_proxy_ranges may say who calls (${what}).`, {
      type: 'auth_error',
    });
};
