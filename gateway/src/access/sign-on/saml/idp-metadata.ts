/** What an identity provider's metadata says that a sign-on needs. */
export interface IdpMetadata {
  readonly entityId: string;
  /** Where browsers are sent to, by redirect. */
  readonly entryPoint: string;
  /** That sign assertions. PEM. */
  readonly certificates: readonly string[];
}

const maxChars = 1_000_000;

interface Tag {
  /** Without its prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly kind: 'open' | 'close' | 'whole';
  readonly start: number;
  readonly end: number;
}

/**
 * Reads metadata of one identity provider (SAML 2.0 Metadata, docs.oasis-open.org, section 2.4, read 2026-11-22). It is the
 * operator's own; a document type, which could hold anything, is refused all the same.
 * @throws Error with a sentence for the operator
 */
export const readIdpMetadata = (xml: string): IdpMetadata => {
  if (xml.length > maxChars || /<!(?:DOCTYPE|ENTITY)/i.test(xml)) throw new Error('The metadata is too long, or has a document type.');
  const plain = xml.replaceAll(/<!--[\s\S]*?-->/g, '');
  let entityId: string | undefined;
  let entryPoint: string | undefined;
  const certificates: string[] = [];
  const open: { readonly name: string; readonly use: string | undefined }[] = [];
  let text = -1;
  for (const tag of tagsOf(plain)) {
    if (tag.kind === 'close') {
      if (tag.name === 'X509Certificate' && text >= 0) certificates.push(pem(plain.slice(text, tag.start)));
      text = -1;
      while (open.length > 0 && open.pop()?.name !== tag.name);
      continue;
    }
    if (tag.name === 'EntityDescriptor') {
      if (entityId !== undefined) throw new Error('The metadata is of several identity providers: give that of one.');
      entityId = tag.attributes['entityID'];
    }
    const inIdp = open.some(({ name }) => name === 'IDPSSODescriptor');
    if (inIdp && tag.name === 'SingleSignOnService' && tag.attributes['Binding']?.endsWith(':HTTP-Redirect'))
      entryPoint ??= tag.attributes['Location'];
    const descriptor = open.findLast(({ name }) => name === 'KeyDescriptor');
    if (inIdp && tag.name === 'X509Certificate' && tag.kind === 'open' && descriptor?.use !== 'encryption') text = tag.end;
    if (tag.kind === 'open') open.push({ name: tag.name, use: tag.attributes['use'] });
  }
  if (entityId === undefined) throw new Error('The metadata has no entityID.');
  if (entryPoint === undefined || !/^https?:\/\//.test(entryPoint))
    throw new Error('The metadata has no SingleSignOnService with HTTP-Redirect.');
  if (certificates.length === 0) throw new Error('The metadata has no certificate that signs.');
  return { entityId, entryPoint, certificates };
};

function* tagsOf(xml: string): Generator<Tag> {
  // Each part ends at a character that it cannot hold, so that no text is read twice.
  for (const match of xml.matchAll(/<(\/?)([A-Za-z_][\w.:-]*)((?:[^<>"']|"[^"<]*"|'[^'<]*')*)>/g)) {
    const [whole, slash, name = '', rest = ''] = match;
    yield {
      name: name.slice(name.indexOf(':') + 1),
      attributes: attributesOf(rest),
      kind: slash === '/' ? 'close' : rest.endsWith('/') ? 'whole' : 'open',
      start: match.index,
      end: match.index + whole.length,
    };
  }
}

const attributesOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(([, name = '', one, other]) => [name, decoded(one ?? other ?? '')]),
  );

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const decoded = (text: string): string => text.replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities[name]!);

const pem = (base64: string): string => {
  const body = base64.replaceAll(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+=*$/.test(body)) throw new Error('A certificate of the metadata is not base64.');
  return `-----BEGIN CERTIFICATE-----\n${body.match(/.{1,64}/g)!.join('\n')}\n-----END CERTIFICATE-----\n`;
};
