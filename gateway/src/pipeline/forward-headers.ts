import { isKeyHeader } from '../access/presented-key.ts';

/**
 * About the connection to the gateway, about the client's own library, or for the gateway itself; and those of AWS and
 * Google, which say who calls, who pays and what is signed (`x-amz-security-token`, `x-goog-user-project`).
 */
const notForwarded = /^x-(?:stainless-|litellm-|sluice-|forwarded-|real-ip$|envoy-|amzn?-|goog-)/;

/**
 * The headers of a client that go on to the provider where `forward_client_headers_to_llm_api` asks for it: `x-*` and
 * `anthropic-beta`, but nothing that a gateway's key may be in (FP-27).
 * @param keyHeader the configured header for keys
 */
export const forwardedHeaders = (headers: Headers, keyHeader: string | undefined): Record<string, string> => {
  const result: Record<string, string> = {};
  headers.forEach((value, name) => {
    if (name !== 'anthropic-beta' && (!name.startsWith('x-') || notForwarded.test(name))) return;
    if (!isKeyHeader(name, keyHeader)) result[name] = value;
  });
  return result;
};
