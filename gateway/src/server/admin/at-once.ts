import { SluiceError } from 'sluice/kit';
import { callerOf } from '../../pipeline/model-rights.ts';
import type { AdminRoute } from './admin-route.ts';

/**
 * Routes of which one caller has no more than so many under way together, or one person's page that asks again and again would
 * keep the database from everybody. The master key has as many as it likes.
 */
export const atOnce = (most: number, routes: readonly AdminRoute[]): readonly AdminRoute[] => {
  const open = new Map<string, number>();
  return routes.map((route) => ({
    ...route,
    async handle(context) {
      const { principal } = context;
      if (principal.kind === 'master') return route.handle(context);
      const caller = callerOf(principal) ?? '';
      const count = open.get(caller) ?? 0;
      if (count >= most)
        throw new SluiceError(
          'rate_limited',
          `${most} reports of this caller are under way already: ask again when one of them is there.`,
          {
            retryAfterMs: 1000,
          },
        );
      open.set(caller, count + 1);
      try {
        return await route.handle(context);
      } finally {
        const left = open.get(caller)! - 1;
        if (left === 0) open.delete(caller);
        else open.set(caller, left);
      }
    },
  }));
};
