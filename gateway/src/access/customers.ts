import type { JsonObject } from 'sluice/kit';

/** Headers by which clients say for which end user a call is, without any configuration (LiteLLM's reference, section 16). */
const usualHeaders = ['x-litellm-customer-id', 'x-litellm-end-user-id'] as const;

export interface CustomerSettings {
  /** `user_header_name` and `user_header_mappings`, in lower case, in the order in which they are asked. */
  readonly customerHeaders: readonly string[];
}

/** The end user that a call is for, as its client says it: in a header, in `user`, or in the metadata of Anthropic's clients. */
export const customerOf = (headers: Headers, body: JsonObject, { customerHeaders }: CustomerSettings): string | undefined => {
  for (const name of customerHeaders) {
    const value = headers.get(name);
    if (value) return value;
  }
  for (const name of usualHeaders) {
    const value = headers.get(name);
    if (value) return value;
  }
  const { user, metadata } = body;
  if (typeof user === 'string' && user !== '') return user;
  const inner = typeof metadata === 'object' && metadata !== null ? (metadata as JsonObject)['user_id'] : undefined;
  return typeof inner === 'string' && inner !== '' ? inner : undefined;
};
