import { SluiceError, type Transport } from 'sluice/kit';
import type { Deployment } from '../config/snapshot.ts';
import type { CheckedUrl, UrlGuard } from '../upstream/guard/index.ts';

/** Where a request wants to go, and with whose key, in LiteLLM's names. */
export interface ClientSide {
  api_base?: string;
  api_key?: string;
}

/** Longest value that is held against a pattern. */
const maxChars = 2048;

/** Whether a deployment lets a request say this: each of it by its name, and by its pattern where there is one, which the whole value must match. */
export const allowsClientSide = ({ clientside }: Deployment, given: ClientSide): boolean =>
  Object.entries(given).every(([name, value]) => {
    if (!Object.hasOwn(clientside, name) || value.length > maxChars) return false;
    const pattern = clientside[name];
    return pattern === undefined || wholly(pattern).test(value);
  });

const wholly = (pattern: string): RegExp => {
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch (cause) {
    // The operator's mistake; what it was to allow is not known.
    throw new SluiceError('internal', 'A pattern of configurable_clientside_auth_params is no regular expression.', {
      cause,
      retry: false,
    });
  }
};

/**
 * What is refused whoever allows it: an address without a key of its own would be sent the deployment's, and an address
 * is judged like any other that a client names.
 * @returns the address to connect to, where the request named one
 * @throws SluiceError `invalid_request`
 */
export const judgeClientSide = async (
  given: ClientSide,
  deployments: readonly Deployment[],
  guard: UrlGuard,
): Promise<CheckedUrl | undefined> => {
  if (!deployments.some((deployment) => allowsClientSide(deployment, given))) {
    const name = Object.keys(given)[0] ?? 'api_base';
    const message = `'${name}' is set in the gateway's configuration, and not taken from requests: litellm_params.configurable_clientside_auth_params of the model would have to allow it.`;
    throw new SluiceError('invalid_request', message, { param: name });
  }
  if (given.api_base === undefined) return undefined;
  if (given.api_key === undefined)
    throw new SluiceError(
      'invalid_request',
      "'api_base' needs an 'api_key' beside it: the gateway's own keys go to no address of a request.",
      {
        param: 'api_key',
      },
    );
  return guard(given.api_base);
};

/** The deployment as the request wants it. One that is sent elsewhere takes nothing along that may be a credential. */
export const asClientSays = (deployment: Deployment, given: ClientSide): Deployment => {
  const { apiBase: _base, apiKey: _key, headers, azure, options, organization, ...rest } = deployment;
  const elsewhere = given.api_base !== undefined;
  return {
    ...rest,
    headers: elsewhere ? {} : headers,
    ...(elsewhere ? { apiBase: given.api_base! } : deployment.apiBase !== undefined && { apiBase: deployment.apiBase }),
    ...(!elsewhere && { ...(azure && { azure }), ...(options && { options }), ...(organization !== undefined && { organization }) }),
  };
};

/** Sends to that address alone. */
export const pinnedTo =
  (transport: Transport, { url, address }: CheckedUrl): Transport =>
  (request) => {
    // Providers that ask elsewhere first (for a token) have no business there with a request's own key.
    if (URL.parse(request.url)?.host !== url.host)
      return Promise.reject(new SluiceError('invalid_request', "'api_base' cannot be set for this provider.", { param: 'api_base' }));
    return transport({ ...request, address });
  };
