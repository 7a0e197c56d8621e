import { SluiceError } from 'sluice/kit';
import type { UserRecord } from '../../records/records.ts';
import { textsAt } from '../claim-at.ts';
import type { ResolvedSignOn } from '../settings.ts';
import type { Identity } from './identity.ts';

/**
 * Whether somebody whom a provider has sent may come in at all.
 * @throws SluiceError `permission_denied`
 */
export const demandWelcome = (
  identity: Identity,
  { allowedEmailDomains, accessMode }: Pick<ResolvedSignOn, 'allowedEmailDomains' | 'accessMode'>,
): void => {
  if (identity.emailVerified === false) throw refused('The identity provider says that your e-mail address is not verified.');
  if (allowedEmailDomains.length > 0) {
    const domain = identity.email?.split('@').at(-1);
    if (domain === undefined || !allowedEmailDomains.includes(domain))
      throw refused('Your e-mail address is of a domain that may not sign in here.');
  }
  if (typeof accessMode === 'object' && !textsAt(identity.claims, accessMode.claim)?.includes(accessMode.group))
    throw refused('You are not in the group that may sign in here.');
};

/** @throws SluiceError `permission_denied` */
export const demandMaySignIn = (user: UserRecord, { accessMode }: Pick<ResolvedSignOn, 'accessMode'>): void => {
  if (user.blocked) throw refused('This user is blocked.');
  if (accessMode === 'admin_only' && user.user_role !== 'proxy_admin' && user.user_role !== 'proxy_admin_viewer')
    throw refused('Only administrators may sign in here (general_settings.ui_access_mode).');
};

const refused = (message: string): SluiceError => new SluiceError('permission_denied', message, { type: 'auth_error' });
