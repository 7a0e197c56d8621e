import { SluiceError } from 'sluice/kit';
import type { ZodType } from 'zod';
import { routeAllowed } from '../../../access/keys/route-groups.ts';
import { scimRoutesOf } from '../../../access/keys/scim-keys.ts';
import { FilterProblem } from '../../../access/sign-on/scim/filter.ts';
import { PatchProblem } from '../../../access/sign-on/scim/patch.ts';
import { UniqueViolation } from '../../../storage/sql/index.ts';
import { adminRoute, type AdminContext, type AdminRoute } from '../admin-route.ts';
import { publicUrl } from '../sign-on/browser.ts';
import { failedAsScim } from './answers.ts';

interface ScimRoute<Body, Query> {
  readonly method: AdminRoute['method'];
  /** Below `/scim/v2`. */
  readonly path: string;
  readonly body?: ZodType<Body>;
  readonly query?: ZodType<Query>;
  readonly summary: string;
  readonly handle: (context: AdminContext<Body, Query>) => Promise<Response>;
}

export const scimBase = '/scim/v2';

/** A route of SCIM: for proxy admins, and for keys that are made for it. Failures are SCIM's. */
export const scimRoute = <Body = undefined, Query = undefined>({ path, handle, ...route }: ScimRoute<Body, Query>): AdminRoute =>
  adminRoute<Body, Query>({
    ...route,
    paths: [`${scimBase}${path}`],
    action: 'scim.use',
    about: () => [],
    failed: failedAsScim,
    handle: async (context) => {
      demandScim(context as AdminContext);
      try {
        return await handle(context);
      } catch (cause) {
        throw asScimError(cause);
      }
    },
  });

/** @throws SluiceError `permission_denied` */
const demandScim = (context: AdminContext): void => {
  const { key } = context.principal;
  // A key that somebody was given for SCIM alone, whoever's it is.
  if (key && routeAllowed(scimRoutesOf(key.data), new URL(context.url).pathname)) return;
  context.demand('scim.use', {});
};

const asScimError = (cause: unknown): unknown => {
  if (cause instanceof FilterProblem) return new SluiceError('invalid_request', cause.message, { type: 'invalidFilter', cause });
  if (cause instanceof PatchProblem) return new SluiceError('invalid_request', cause.message, { type: cause.scimType, cause });
  if (cause instanceof UniqueViolation)
    return new SluiceError('conflict', 'There is already another one with this name, address or id.', { retry: false, cause });
  return cause;
};

export const locationOf = (
  context: Pick<AdminContext, 'headers' | 'url' | 'services' | 'actor'>,
  kind: 'Users' | 'Groups',
  id: string,
): string => `${publicUrl(context)}${scimBase}/${kind}/${encodeURIComponent(id)}`;

/** What a client has seen must be what is there now, if it says what it has seen. @throws SluiceError with status 412 */
export const demandVersion = (headers: Headers, version: string): void => {
  const wanted = headers.get('if-match');
  if (wanted === null || wanted.trim() === '*') return;
  if (wanted.split(',').some((each) => bare(each) === bare(version))) return;
  throw new SluiceError('conflict', 'It has changed since you read it.', { status: 412, retry: false });
};

/** Whether a client has it as it is. */
export const isKnown = (headers: Headers, version: string): boolean =>
  headers
    .get('if-none-match')
    ?.split(',')
    .some((each) => bare(each) === bare(version)) ?? false;

const bare = (tag: string): string => tag.trim().replace(/^W\//, '');
