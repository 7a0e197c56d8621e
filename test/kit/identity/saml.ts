import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { SamlLib } from 'samlify';

/** What an assertion says. */
export interface Assertion {
  readonly audience: string;
  readonly recipient: string;
  /** Absent: nobody asked. */
  readonly inResponseTo?: string;
  readonly nameId: string;
  readonly nameIdFormat?: string;
  readonly attributes?: Readonly<Record<string, readonly string[]>>;
  readonly issuer?: string;
  /** Milliseconds from now. */
  readonly from?: number;
  readonly until?: number;
  readonly id?: string;
}

interface Signer {
  readonly key: string;
  readonly certificate: string;
}

export interface TestSaml {
  readonly entityId: string;
  readonly metadata: string;
  /** The XML of an answer, without any signature. */
  xml(assertion: Assertion): string;
  /** Signs its assertion, or the whole. @param as somebody else */
  sign(xml: string, what?: 'assertion' | 'response', as?: Signer): string;
  /** A good answer, as a form carries it. */
  answer(assertion: Assertion): string;
  /** Keys of somebody else. */
  readonly stranger: Signer;
}

/** An identity provider of SAML 2.0: it signs with samlify, and says what it is told to. */
export const createSamlProvider = (): TestSaml => {
  const entityId = 'https://idp.example/metadata';
  const own = signerOf('idp');
  const bare = (pem: string) => pem.replaceAll(/-----[A-Z ]+-----|\s/g, '');
  const xml: TestSaml['xml'] = ({ audience, recipient, inResponseTo, nameId, attributes = {}, issuer = entityId, ...rest }) => {
    const at = (ms: number) => new Date(Date.now() + ms).toISOString();
    const answers = inResponseTo === undefined ? '' : ` InResponseTo="${inResponseTo}"`;
    const format = rest.nameIdFormat ?? 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';
    const said = Object.entries(attributes).map(
      ([name, values]) =>
        `<saml:Attribute Name="${name}">${values.map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`).join('')}</saml:Attribute>`,
    );
    return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r${randomUUID()}" Version="2.0" IssueInstant="${at(0)}" Destination="${recipient}"${answers}><saml:Issuer>${issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status><saml:Assertion ID="${rest.id ?? `_a${randomUUID()}`}" Version="2.0" IssueInstant="${at(0)}"><saml:Issuer>${issuer}</saml:Issuer><saml:Subject><saml:NameID Format="${format}">${nameId}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="${at(rest.until ?? 300_000)}" Recipient="${recipient}"${answers}/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${at(rest.from ?? -1000)}" NotOnOrAfter="${at(rest.until ?? 300_000)}"><saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${at(0)}" SessionIndex="s"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>${said.length > 0 ? `<saml:AttributeStatement>${said.join('')}</saml:AttributeStatement>` : ''}</saml:Assertion></samlp:Response>`;
  };
  const sign: TestSaml['sign'] = (text, what = 'assertion', { key, certificate } = own) =>
    SamlLib.constructSAMLSignature({
      rawSamlMessage: text,
      ...(what === 'assertion' && { referenceTagXPath: "/*[local-name(.)='Response']/*[local-name(.)='Assertion']" }),
      privateKey: key,
      signingCert: bare(certificate),
      signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
      isBase64Output: false,
      // A signature stands within what it signs.
      signatureConfig: {
        location: {
          reference: `/*[local-name(.)='Response']${what === 'assertion' ? "/*[local-name(.)='Assertion']" : ''}/*[local-name(.)='Issuer']`,
          action: 'after',
        },
      },
      isMessageSigned: what === 'response',
      transformationAlgorithms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/2001/10/xml-exc-c14n#'],
    });
  return {
    entityId,
    metadata: `<?xml version="1.0"?><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entityId}"><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${bare(own.certificate)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example/post"/><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/sso?tenant=1&amp;x=y"/></md:IDPSSODescriptor></md:EntityDescriptor>`,
    xml,
    sign,
    answer: (assertion) => Buffer.from(sign(xml(assertion))).toString('base64'),
    stranger: signerOf('stranger'),
  };
};

/** The request that a redirect carries, as XML. */
export const samlRequestOf = (url: string): string =>
  inflateRawSync(Buffer.from(new URL(url).searchParams.get('SAMLRequest')!, 'base64')).toString();

const signerOf = (name: 'idp' | 'stranger'): Signer => {
  const read = (end: string) => readFileSync(new URL(`fixtures/${name}.${end}`, import.meta.url), 'utf8');
  return { key: read('key'), certificate: read('crt') };
};
