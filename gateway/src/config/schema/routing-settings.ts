import type { Experiment } from 'sluice/kit';
import { z } from 'zod';
import { choice, describe, number, requiredText, text } from './fields.ts';

/** As the SDK's `Experiment.stickyBy`. */
const stickyKinds = ['session', 'user', 'caller', 'none'] as const satisfies readonly Experiment['stickyBy'][];

const arm = z.strictObject({
  name: text({ about: 'What metrics, logs and the answer call it; absent: its model. Calls are dealt by it: a new name is a new draw.' }),
  model: requiredText({ about: 'The model name, or the id of a deployment, that its calls go to.' }),
  percent: describe(
    number({ min: 0, max: 100, about: 'Its share of the calls.' }).nonoptional(),
    { about: 'Its share of the calls.' },
    { type: ['number', 'string'] },
  ),
});

const experiment = z
  .strictObject({
    name: requiredText({ about: 'What metrics, logs and the answer call it. Calls are dealt by it: a new name deals anew.' }),
    model: requiredText({ about: 'The model name whose calls are split.' }),
    sticky_by: choice(stickyKinds, {
      default: 'session',
      about: 'What gets the same arm each time, on every instance: a session, an end user, a key. Calls without one are dealt one by one.',
    }),
    arms: describe(z.array(arm).min(1), { about: 'Where calls go. What they leave of 100 % stays with the model.' }),
  })
  .refine(({ arms }) => arms.reduce((sum, { percent }) => sum + percent, 0) <= 100 + 1e-9, {
    error: 'has arms of more than 100 % together',
    path: ['arms'],
  })
  .refine(({ arms }) => new Set(arms.map(nameOf)).size === arms.length, { error: 'has two arms of one name', path: ['arms'] })
  .refine(({ arms }) => !arms.some((each) => nameOf(each) === 'control'), {
    error: 'has an arm named `control`, which is what stays with the model',
    path: ['arms'],
  });

const nameOf = ({ name, model }: { name?: string | undefined; model: string }): string => name ?? model;

export const experiments = describe(z.array(experiment).optional(), {
  about: 'Grey releases and A/B tests: a share of the calls of one model name goes to others.',
});
export type ExperimentEntry = z.output<typeof experiment>;

const share = { min: 0, max: 1 };

const limits = z
  .strictObject({
    open_calls: number({ min: 0, int: true, about: "More calls for the ladder's model than this are open, whichever step answers them." }),
    failure_share: number({ ...share, about: 'A larger share of tries at the step above failed in the last minute; from ten tries on.' }),
    first_output_p95_ms: number({
      min: 0,
      unit: 'milliseconds',
      about: 'Of the tries at the step above in the last minute, 5 of 100 took longer than this to their first output.',
    }),
    queue_length: number({ min: 0, int: true, about: 'More calls than this wait for a deployment of the step above.' }),
    budget_share: number({ ...share, about: 'A larger share of the budgets of all deployments of the step above is spent.' }),
  })
  .refine((when) => Object.values(when).some((each) => each !== undefined), { error: 'needs at least one limit' });

const ladder = z.strictObject({
  model: requiredText({
    about: 'The model name whose calls go a step down when a limit is passed, and up again when all have been clear for a while.',
  }),
  steps: describe(
    z
      .array(
        z.strictObject({
          model: requiredText({ about: 'The model name, or the id of a deployment, that calls go to.' }),
          when: describe(limits, { about: 'Calls go to this step when any of these limits is passed.' }),
        }),
      )
      .min(1),
    { about: 'From the best to the last resort.' },
  ),
});

export const ladders = describe(z.array(ladder).optional(), {
  about: 'Degradation ladders: what answers instead while a model is overloaded, failing or spent.',
});
export type LadderEntry = z.output<typeof ladder>;
