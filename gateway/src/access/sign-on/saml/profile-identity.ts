import { SluiceError } from 'sluice/kit';
import { textAt, textsAt } from '../claim-at.ts';
import type { Identity } from '../people/identity.ts';
import type { SamlSettings } from '../settings.ts';

/** Names under which identity providers put the address and the groups where nobody says otherwise: plain, LDAP's, and Microsoft's. */
const emailNames = [
  'email',
  'mail',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
  'urn:oid:0.9.2342.19200300.100.1.3',
];
const groupNames = ['groups', 'memberOf', 'http://schemas.microsoft.com/ws/2008/06/identity/claims/groups'];
const nameNames = ['displayName', 'name', 'cn', 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name'];

const samlProviderName = 'saml';

export interface Asserted {
  readonly nameId: string;
  readonly nameIdFormat: string;
  /** One text, or several. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** @throws SluiceError `authentication` where nothing lasting is said of the person */
export const identityOfAssertion = ({ nameId, nameIdFormat, attributes }: Asserted, { attributes: names }: SamlSettings): Identity => {
  const first = (given: string | undefined, usual: readonly string[]): string | undefined =>
    (given === undefined ? usual : [given])
      .map((name) => textsAt(attributes, name)?.[0] ?? textAt(attributes, name))
      .find((value) => value !== undefined);
  const own = names.userId === undefined ? undefined : first(names.userId, []);
  const transient = nameIdFormat.endsWith(':transient');
  const subject = names.userId === undefined && !transient ? nameId : own;
  if (!subject || subject.length > 256)
    throw new SluiceError('authentication', 'The identity provider says no lasting id of yours (sso.saml.attributes.user_id).', {
      type: 'auth_error',
    });
  const groups = (names.groups === undefined ? groupNames : [names.groups])
    .map((name) => textsAt(attributes, name))
    .find((value) => value !== undefined);
  return {
    provider: samlProviderName,
    subject,
    email: (first(names.email, emailNames) ?? (nameId.includes('@') ? nameId : undefined))?.toLowerCase(),
    // It is the organisation's own provider, and signs what it says.
    emailVerified: true,
    name: first(names.name, nameNames),
    groups,
    roles: names.role === undefined ? undefined : textsAt(attributes, names.role),
    claims: { ...attributes, ...(groups && { groups }) },
  };
};
