import { SharedCall } from './shared-call.ts';
import type { CoalesceBounds, Coalescer } from './sharing.ts';

export { coalesceKey } from './key.ts';
export { mayShare } from './may-share.ts';
export type { Coalescer, Sharer } from './sharing.ts';

export const createCoalescer = <C>(bounds: CoalesceBounds = {}): Coalescer<C> => {
  const open = new Map<string, SharedCall<C>>();
  return {
    join(key, joining) {
      const found = open.get(key);
      if (found?.joinable) return found.add(joining);
      const shared = new SharedCall<C>(bounds, joining.context, () => {
        if (open.get(key) === shared) open.delete(key);
      });
      open.set(key, shared);
      const sharer = shared.add(joining);
      shared.begin(joining);
      return sharer;
    },
    get open() {
      return open.size;
    },
  };
};
