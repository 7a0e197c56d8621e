import { z } from 'zod';
import { defaults } from '../defaults.ts';
import { logLevels } from '../snapshot.ts';
import { alertRules } from './alerting.ts';
import { priceMap } from './cost-settings.ts';
import { discovery } from './discovery.ts';
import { boolean, choice, describe, number } from './fields.ts';
import { budgetRules } from './gateway-budget.ts';
import { withoutRedis } from './limits-without-redis.ts';
import { routing } from './routing.ts';
import { secretManagers } from './secrets.ts';
import { spend } from './spend.ts';

const ms = { unit: 'milliseconds', min: 0, int: true };

export const sluiceSettings = describe(
  z
    .strictObject({
      connect_timeout_ms: number({ ...ms, default: defaults.connectTimeoutMs, about: 'To a connection with the provider. 0: none.' }),
      first_token_timeout_ms: number({
        ...ms,
        default: defaults.firstTokenTimeoutMs,
        about: 'One try, from sending the request to the first output of its stream, or to its whole answer. 0: none.',
      }),
      idle_timeout_ms: number({ ...ms, default: defaults.idleTimeoutMs, about: 'Between two events of a stream. 0: none.' }),
      timeout_ms: number({ ...ms, default: defaults.timeoutMs, about: 'The whole call, all tries together. 0: none.' }),
      header_wait_ms: number({
        ...ms,
        default: defaults.headerWaitMs,
        about: "How long the headers of a streamed answer wait for the provider's first event, so that an early failure is a plain error.",
      }),
      keep_alive_ms: number({
        ...ms,
        default: defaults.keepAliveMs,
        about: 'Between two comments that keep a silent stream alive. 0: none.',
      }),
      ask_for_stream_usage: boolean({
        about:
          "Whether streams in OpenAI's chat and completions format are asked to say what they used (`stream_options.include_usage`) where their client has not; the count is kept from the client. Absent: where there is a database, so that what calls cost is their provider's count. Off, such streams are counted here, by their texts.",
      }),
      on_client_disconnect: choice(['cancel', 'drain'], {
        default: 'cancel',
        about:
          'What becomes of a chat call whose client leaves. `cancel`: its provider is told at once, and what was made until then is charged, counted here where the provider has not. `drain`: it is read on, so that the provider says what it used, and all of it is charged.',
      }),
      client_disconnect_drain_ms: number({
        unit: 'milliseconds',
        min: 1,
        int: true,
        default: defaults.disconnectDrainMs,
        about: 'With `drain`: for how long, before it is cancelled after all.',
      }),
      drain_timeout_ms: number({
        ...ms,
        default: defaults.drainTimeoutMs,
        about: 'How long open calls may run on after a signal to stop.',
      }),
      max_body_bytes: number({
        unit: 'bytes',
        min: 1,
        int: true,
        default: defaults.maxBodyBytes,
        about: 'The largest request body; longer ones get 413.',
      }),
      log_level: choice(logLevels, { default: defaults.logLevel, about: 'The least serious lines that are logged.' }),
      fair_share: boolean({
        default: false,
        about:
          'While a model is busy (`priority_reservation_settings.saturation_threshold`), no caller has more of what its deployments take than all that are active: the whole, divided by their number.',
      }),
      routing,
      budgets: budgetRules,
      limits_without_redis: withoutRedis,
      alerts: alertRules,
      spend,
      price_map: priceMap,
      discovery,
      secret_managers: secretManagers,
      log_requests: boolean({ default: defaults.logRequests, about: 'One log line for each request.' }),
    })
    .optional(),
  { about: "Sluice's own settings." },
);
