import { fixedPaths } from '../paths.ts';
import type { AdminAsked, AdminDesk, AdminDeskOptions, Managed } from './desk.ts';

/** Where requests of the admin API come in. */
export interface AdminDoor {
  /** Undefined: it is none of the admin API's. A promise: that is not known yet. */
  find(method: string, path: string): Managed | undefined | Promise<Managed | undefined>;
  answer(asked: AdminAsked): Promise<Response>;
}

/**
 * The admin API is as much code as all the rest, and most gateways are asked for it rarely: it is loaded when the first
 * path is asked for that is not one of the calls' fixed ones, of which none is its.
 */
export const createAdminDoor = (options: AdminDeskOptions): AdminDoor => {
  let desk: AdminDesk | undefined;
  let opening: Promise<AdminDesk> | undefined;
  const open = async (): Promise<AdminDesk> => {
    const { createAdminDesk } = await import('./desk.ts');
    return (desk ??= createAdminDesk(options));
  };
  return {
    find(method, path) {
      if (fixedPaths.has(path)) return undefined;
      if (desk) return desk.find(method, path);
      return (opening ??= open()).then((opened) => opened.find(method, path));
    },
    answer: async (asked) => (await (opening ??= open())).answer(asked),
  };
};
