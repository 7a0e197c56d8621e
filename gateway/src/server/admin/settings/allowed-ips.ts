import { SluiceError } from 'sluice/kit';
import { AddressList } from '../../../access/client-address.ts';
import { isNetwork } from '../../../config/schema/access.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { haveLive } from './have-live.ts';
import { ipAddress } from './schemas.ts';
import { refuseOwned, writeSetting } from './write-setting.ts';

const path = 'general_settings.allowed_ips';

const asList = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];

/** Who takes themselves off the list could not put themselves back. */
const demandCaller = ({ actor }: Pick<AdminContext, 'actor'>, next: readonly string[]): readonly string[] => {
  // What is no address is refused below, by the schema.
  if (next.every(isNetwork) && next.length > 0 && actor.address !== undefined && !new AddressList(next).has(actor.address))
    throw new SluiceError('invalid_request', `Your own address ${actor.address} would not be allowed any more: add it first.`, {
      param: 'ip',
    });
  return next;
};

export const listIps = adminRoute({
  method: 'GET',
  paths: ['/get/allowed_ips'],
  action: 'settings.see',
  summary: 'Lists the addresses that may call. An empty list is all of them.',
  handle: async ({ services }) => ({ data: services.live().snapshot.access.allowedIps }),
});

export const addIp = adminRoute({
  method: 'POST',
  paths: ['/add/allowed_ip'],
  action: 'ip.write',
  body: ipAddress,
  summary: 'Lets an address or a network call. Once there is one, only those that are listed may.',
  handle: async (context) => {
    const { body, store, services, actor } = context;
    refuseOwned(services, path);
    await writeSetting({ store, services, actor }, path, (before) => demandCaller(context, [...new Set([...asList(before), body.ip])]));
    await haveLive(services);
    return { message: `IP ${body.ip} address added successfully`, status: 'success' };
  },
});

export const deleteIp = adminRoute({
  method: 'POST',
  paths: ['/delete/allowed_ip'],
  action: 'ip.write',
  body: ipAddress,
  summary: 'Takes an address or a network off the list of those that may call.',
  handle: async (context) => {
    const { body, store, services, actor } = context;
    refuseOwned(services, path);
    await writeSetting({ store, services, actor }, path, (before) => {
      const all = asList(before);
      if (!all.includes(body.ip)) throw new SluiceError('not_found', `The address ${body.ip} is not on the list.`, { param: 'ip' });
      const next = demandCaller(
        context,
        all.filter((each) => each !== body.ip),
      );
      return next.length > 0 ? next : undefined;
    });
    await haveLive(services);
    return { message: `IP ${body.ip} deleted successfully`, status: 'success' };
  },
});
