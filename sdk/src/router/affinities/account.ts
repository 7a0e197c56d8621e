import type { Deployment } from '../deployment.ts';

/** Finds a deployment by its id, of whatever name. */
export type DeploymentById<P> = (id: string) => Deployment<P> | undefined;

/**
 * Whether what one deployment's provider keeps or has encrypted is the other's as well: they are one account's, which
 * is what providers tie it to (OpenAI's organisation, Azure's resource; github.com/BerriAI/litellm/pull/27702, read
 * 2026-11-22), whatever their models are.
 */
export const isOneAccount = (a: Deployment<unknown>, b: Deployment<unknown>): boolean =>
  a.id === b.id || (a.credential !== undefined && a.credential === b.credential && a.server === b.server);
