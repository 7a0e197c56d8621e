import { SluiceError } from 'sluice/kit';
import type { AdminServices } from '../services.ts';

/**
 * Addresses that somebody else than the operator gives must be public ones.
 * @throws SluiceError `invalid_request`, naming the member
 */
export const guardAddresses = async ({ live }: Pick<AdminServices, 'live'>, params: Readonly<Record<string, unknown>>): Promise<void> => {
  for (const [name, value] of Object.entries(params)) {
    if (typeof value !== 'string' || !/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) continue;
    try {
      await live().guardUrl(value);
    } catch (cause) {
      if (!SluiceError.is(cause)) throw cause;
      throw new SluiceError(cause.code, `'litellm_params.${name}': ${cause.message}`, {
        param: `litellm_params.${name}`,
        retry: false,
        cause,
      });
    }
  }
};
