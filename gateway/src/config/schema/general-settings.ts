import { z } from 'zod';
import { accessShape } from './access.ts';
import { alertingShape } from './alerting.ts';
import { boolean, describe, number, secret, text } from './fields.ts';
import { limitShape } from './gateway-budget.ts';
import { withoutRedisShape } from './limits-without-redis.ts';
import { healthShape } from './health.ts';
import { keyGeneralShape } from './key-settings.ts';
import { ledgerShape } from './ledger.ts';
import { hosts, passThroughEndpoints } from './pass-through.ts';
import { contentShape } from './spend.ts';
import { coordinationRedis } from './redis.ts';
import { keyManagement } from './secrets.ts';
import { signOnShape } from './sign-on.ts';
import { tokenShape } from './token-settings.ts';
import { passwordShape } from './user-settings.ts';

export const generalSettings = describe(
  z
    .strictObject({
      master_key: secret({
        about: 'The key that may do everything. Absent: SLUICE_MASTER_KEY or LITELLM_MASTER_KEY, else the one made on first start.',
      }),
      litellm_key_header_name: text({ about: 'A header that carries the key, besides the usual ones.' }),
      max_request_size_mb: number({
        min: 0,
        unit: 'megabytes (1,048,576 bytes)',
        default: 32,
        about: 'The largest request body; longer ones get 413. The same as `sluice_settings.max_body_bytes`, which wins.',
      }),
      forward_client_headers_to_llm_api: boolean({
        default: false,
        about: "The client's `x-*` headers (not `x-stainless-*`) and `anthropic-beta` go on to the provider.",
      }),
      ...accessShape,
      ...alertingShape,
      ...healthShape,
      ...ledgerShape,
      ...limitShape,
      ...withoutRedisShape,
      ...contentShape,
      ...keyManagement,
      ...keyGeneralShape,
      ...passwordShape,
      ...signOnShape,
      ...tokenShape,
      coordination_redis: coordinationRedis,
      pass_through_endpoints: passThroughEndpoints,
      pass_through_request_timeout: number({
        min: 0,
        unit: 'seconds',
        about: 'For the head of a relayed answer, and then between two pieces of it. Absent: the deadlines of `sluice_settings`.',
      }),
      user_url_validation: boolean({ default: true, about: 'The same as `litellm_settings.user_url_validation`, which wins.' }),
      user_url_allowed_hosts: hosts('Added to `litellm_settings.user_url_allowed_hosts`.'),
    })
    .optional(),
  { about: 'Settings of the gateway as a server.' },
);
