import { SluiceError } from 'sluice/kit';
import type { CertificateMapping, CertificateSettings } from '../../config/token-settings.ts';
import type { Authenticate } from '../caller.ts';
import { fitsPattern } from '../models/name-pattern.ts';
import { subjectFields, xfccFields } from './certificate-fields.ts';
import type { Claimant } from './claimant.ts';
import type { ClaimantPrincipals } from './claimant-principals.ts';
import { demandOwnPage } from './demand-own-page.ts';
import { rememberedClaimants } from './remembered-claimants.ts';
import { demandTrustedPeer } from './trusted-peer.ts';

export interface ClientCertificateOptions {
  readonly settings: () => CertificateSettings | undefined;
  readonly trustedProxies: () => readonly string[];
  /** Where browsers reach this gateway, as it is configured. */
  readonly publicUrl: () => string | undefined;
  readonly principals: ClaimantPrincipals;
}

/** Who calls, by the client certificate that a trusted proxy has verified. A key or token that is presented wins. */
export const createClientCertificateAuthenticate = ({
  settings,
  trustedProxies,
  publicUrl,
  principals,
}: ClientCertificateOptions): Authenticate => {
  const claimants = rememberedClaimants();
  return (caller) => {
    const certificate = settings();
    if (!certificate || caller.presented) return undefined;
    const text = caller.headers.get(certificate.header);
    if (!text) return undefined;
    demandTrustedPeer(caller, trustedProxies(), 'client_certificate_auth');
    demandOwnPage(caller, publicUrl());
    const { verified, format, field, mappings } = certificate;
    if (verified && caller.headers.get(verified.header) !== verified.value) throw refused('The client certificate is not verified.');
    const fields = (format === 'xfcc' ? xfccFields : subjectFields)(text);
    if (!fields) throw refused(`The header ${certificate.header} cannot be read.`);
    const values = fields.get(field.toUpperCase()) ?? [];
    const [value] = values;
    // Two names would be one too many: which of them counts would be for the certificate's owner to say.
    if (value === undefined || value === '' || values.length > 1)
      throw refused(`The client certificate has ${values.length > 1 ? 'more than one' : 'no'} ${field}.`);
    const mapping = mappings?.find(({ match }) => fitsPattern(match, value));
    if (mappings && !mapping) throw refused('The client certificate is nobody’s here.');
    const { id, claimant } = claimants(claimantOf(value, mapping));
    return principals.peek(id, claimant) ?? principals.get(id, claimant);
  };
};

const claimantOf = (value: string, mapping: CertificateMapping | undefined): Claimant => ({
  kind: 'proxy',
  userId: mapping?.userId ?? (mapping?.teamId === undefined ? value : undefined),
  teamIds: mapping?.teamId === undefined ? [] : [mapping.teamId],
  organizationId: mapping?.organizationId,
  models: mapping?.models,
  routes: mapping?.routes,
  claims: { certificate: value },
  mustExist: false,
});

const refused = (message: string): SluiceError => new SluiceError('authentication', message, { type: 'auth_error' });
