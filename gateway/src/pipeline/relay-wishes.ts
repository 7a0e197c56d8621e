import { SluiceError, type RouteRequest } from 'sluice/kit';
import type { CallState } from './call-state.ts';
import { routeRequestOf } from './route-request.ts';

/** What a call that is relayed as it is asks of who answers: its body is the provider's, so headers alone say it. */
export const relayWishes = (state: CallState, headers: Headers): RouteRequest =>
  (state.wishes ??= routeRequestOf({ body: {}, headers, stream: true }));

/**
 * For a target that no deployment describes: nobody knows where it computes (FP-88).
 * @throws SluiceError `invalid_request` where the call must stay somewhere
 */
export const mayGoAnywhere = ({ regions }: RouteRequest): void => {
  if (regions === undefined) return;
  throw new SluiceError('invalid_request', 'It is not known where this would be computed, and the request says where it must be.', {
    param: 'x-sluice-allowed-regions',
  });
};
