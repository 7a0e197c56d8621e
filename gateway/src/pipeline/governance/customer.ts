import type { JsonObject } from 'sluice/kit';
import { customerOf as saidBy, type CustomerSettings } from '../../access/customers.ts';
import type { Principal } from '../../access/principal.ts';

/** The end user that a call is for: as its token says, else as its client does. */
export const customerOf = (principal: Principal, body: JsonObject, headers: Headers, settings: CustomerSettings): string | undefined =>
  principal.customerId ?? saidBy(headers, body, settings);
