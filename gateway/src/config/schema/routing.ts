import { z } from 'zod';
import { boolean, choice, describe, number } from './fields.ts';
import { experiments, ladders } from './routing-settings.ts';

/** `sluice_settings.routing`: what the router does that LiteLLM's does not. */
export const routing = describe(
  z
    .strictObject({
      hedging: describe(
        z
          .strictObject({
            after: choice(['p95'], { about: 'As long as 95 of 100 recent calls of the name took to their first output.' }),
            after_ms: number({ unit: 'milliseconds', min: 1, int: true, about: 'A fixed time instead of `after`, which it wins over.' }),
            max_share: number({ min: 0, max: 1, default: 0.1, about: 'The largest share of calls that is asked for twice.' }),
          })
          .optional(),
        { about: 'Ask a second deployment where the first is slow; the faster one answers, and both are paid for. Absent: off.' },
      ),
      queue: describe(
        z
          .strictObject({
            max_size: number({ min: 0, int: true, default: 1000, about: 'Calls that wait for one model name. 0: none waits.' }),
            max_wait_ms: number({ unit: 'milliseconds', min: 0, int: true, default: 30_000, about: 'The longest wait.' }),
          })
          .optional(),
        { about: 'Where calls wait while every deployment is full.' },
      ),
      coalesce: boolean({ default: false, about: 'Identical calls at the same time share one, and its answer.' }),
      mid_stream_fallback: boolean({
        default: false,
        about: 'A stream that breaks after its output has begun goes on at another deployment from the text so far; the answer says so.',
      }),
      experiments,
      ladders,
    })
    .optional(),
  { about: 'How calls survive, beyond what `router_settings` says.' },
);
