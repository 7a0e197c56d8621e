import type { AdminServices } from '../services.ts';

/** Has what was just written live here before it is answered: who asks next finds it. Other gateways follow at once. */
export const haveLive = async ({ stored }: Pick<AdminServices, 'stored'>): Promise<void> => {
  try {
    await stored.refresh();
  } catch {
    // It is written. The database's own announcement brings it as soon as it can be read.
  }
};
