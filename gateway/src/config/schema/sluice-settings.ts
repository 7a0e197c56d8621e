import { z } from 'zod';
import { defaults } from '../defaults.ts';
import { logLevels } from '../snapshot.ts';
import { priceMap } from './cost-settings.ts';
import { discovery } from './discovery.ts';
import { boolean, choice, describe, number } from './fields.ts';
import { routing } from './routing.ts';
import { secretManagers } from './secrets.ts';

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
      routing,
      price_map: priceMap,
      discovery,
      secret_managers: secretManagers,
      log_requests: boolean({ default: defaults.logRequests, about: 'One log line for each request.' }),
    })
    .optional(),
  { about: "Sluice's own settings." },
);
