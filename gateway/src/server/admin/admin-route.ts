import type { SluiceError } from 'sluice/kit';
import type { ZodType } from 'zod';
import type { Action } from '../../access/permissions.ts';
import type { Principal } from '../../access/principal.ts';
import type { Owned, Relation } from '../../access/relations.ts';
import type { Actor } from '../../access/store/actor.ts';
import type { Store } from '../../access/store/store.ts';
import type { AdminServices } from './services.ts';

export type AdminMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What a handler gets: the request, read and checked, and everything that it may touch. */
export interface AdminContext<Body = unknown, Query = unknown> {
  readonly body: Body;
  readonly query: Query;
  /** The `{name}` parts of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Headers;
  /** As the server knows it: with the host that was asked for. */
  readonly url: string;
  readonly principal: Principal;
  readonly store: Store;
  readonly services: AdminServices;
  /** For `store.write`: who is to blame, and for whom they say that they do it (`litellm-changed-by`). */
  readonly actor: Actor;
  /** What the caller is to a thing. */
  relationsTo(owned: Owned, action: Action): ReadonlySet<Relation>;
  /** Whether the caller may. For lists, which leave out what may not be seen. */
  may(action: Action, owned: Owned): boolean;
  /** @throws SluiceError `permission_denied` */
  demand(action: Action, owned: Owned): void;
  /** Unix milliseconds. */
  readonly now: number;
  readonly signal: AbortSignal;
}

/** One route of the admin API. */
export interface AdminRoute<Body = unknown, Query = unknown> {
  readonly method: AdminMethod;
  /** `/key/{key}/regenerate`. A part that may hold slashes: `{key:path}`. The first is the one in documents; all do the same. */
  readonly paths: readonly [string, ...string[]];
  /** The row of the table of permissions. */
  readonly action: Action;
  /** Members that are not in it are refused by name. */
  readonly body?: ZodType<Body>;
  /** The body may also be a form of a page, whose members are texts. */
  readonly form?: true;
  /** Values are texts, or lists of texts where a name is given more than once. */
  readonly query?: ZodType<Query>;
  /**
   * Whose things it is about. The caller must be allowed for each of them before the handler runs; without it, the thing is
   * the proxy's own. An empty list: the handler itself shows only what may be seen (`may`).
   */
  readonly about?: (context: AdminContext<Body, Query>) => Promise<readonly Owned[]> | readonly Owned[];
  /** Gives what is answered as JSON, or a whole answer. */
  readonly handle: (context: AdminContext<Body, Query>) => Promise<unknown>;
  /** Default 200. */
  readonly status?: number;
  /** Anybody may call it, without a key: sign-on. */
  readonly open?: true;
  /** Failures of it in another shape than LiteLLM's. */
  readonly failed?: (error: SluiceError) => Response;
  /** For the reference page and the OpenAPI document: one sentence. */
  readonly summary: string;
}

/** Keeps the types of body and query where routes are listed together. */
export const adminRoute = <Body = undefined, Query = undefined>(route: AdminRoute<Body, Query>): AdminRoute =>
  route as unknown as AdminRoute;
