import type { SluiceError } from 'sluice/kit';

const type = 'application/scim+json; charset=utf-8';

/** A failure as SCIM spells it (RFC 7644, section 3.12, read 2026-11-22). */
const scimError = (status: number, detail: string, scimType?: string, headers: Readonly<Record<string, string>> = {}): Response =>
  Response.json(
    {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(status),
      ...(scimType !== undefined && { scimType }),
      detail,
    },
    { status, headers: { ...headers, 'content-type': type } },
  );

/** Which of SCIM's words fits a failure of ours. */
export const failedAsScim = (error: SluiceError): Response => {
  // A name or address that somebody has already.
  if (error.code === 'conflict' && error.status === 409) return scimError(409, error.message, 'uniqueness');
  const scimType = error.status === 400 ? (error.type ?? 'invalidValue') : undefined;
  const wait = error.retryAfterMs ?? (error.status === 429 || error.status === 503 ? 1000 : undefined);
  return scimError(error.status, error.message, scimType !== undefined && scimTypes.has(scimType) ? scimType : scimType && 'invalidValue', {
    ...(wait !== undefined && { 'retry-after': String(Math.ceil(wait / 1000)) }),
  });
};

/** RFC 7644, table 9. */
const scimTypes: ReadonlySet<string> = new Set([
  'invalidFilter',
  'tooMany',
  'uniqueness',
  'mutability',
  'invalidSyntax',
  'invalidPath',
  'noTarget',
  'invalidValue',
  'invalidVers',
  'sensitive',
]);

export interface Resource {
  readonly id: string;
  readonly meta: { readonly version: string; readonly location: string };
  readonly [attribute: string]: unknown;
}

export const scimAnswer = (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response =>
  Response.json(body, { status, headers: { ...headers, 'content-type': type } });

/** One resource, with what it is known by. */
export const resourceAnswer = (resource: Resource, shown: unknown, status = 200): Response =>
  scimAnswer(shown, status, { etag: resource.meta.version, ...(status === 201 && { location: resource.meta.location }) });
