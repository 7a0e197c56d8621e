import { SluiceError, type Target } from 'sluice/kit';

/**
 * Tells when a call comes back to the gateway that sent it: `OPENAI_BASE_URL` points programs at the gateway, and the
 * gateway at itself where it is started in the same shell. By the header that HTTP has for it (RFC 9110, section 7.6.3).
 */
export interface LoopGuard {
  /** The target, marked if it is at an address of somebody's own: vendors are not told what calls them. */
  mark(target: Target): Target;
  /** @throws SluiceError for a request that this gateway sent */
  check(headers: Headers): void;
}

/** @param id of this gateway, unlike that of any other */
export const createLoopGuard = (id: string): LoopGuard => {
  const name = `sluice-${id}`;
  return {
    mark(target) {
      if (target.baseUrl === undefined || target.baseUrl === target.provider.baseUrl) return target;
      return { ...target, headers: { via: `1.1 ${name}`, ...target.headers } };
    },
    check(headers) {
      if (headers.get('via')?.includes(name) !== true) return;
      throw new SluiceError(
        'invalid_request',
        'This call came from the gateway itself: a provider has the gateway for its address. Look at api_base, and at variables such as OPENAI_BASE_URL where the gateway runs.',
        { status: 508, retry: false },
      );
    },
  };
};
