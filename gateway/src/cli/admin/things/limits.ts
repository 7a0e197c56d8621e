import { json, number, text, texts } from '../field.ts';

/** Flags that keys, teams and users share. */
export const limitFields = [
  number('max_budget', 'US dollars; 0: nothing, null: unlimited'),
  number('soft_budget', 'US dollars at which it is told'),
  text('budget_duration', 'when the budget begins anew: 1h, 1d, 30d, 1mo'),
  number('tpm_limit', 'tokens a minute'),
  number('rpm_limit', 'requests a minute'),
  number('max_parallel_requests', 'requests at the same time'),
  json('model_max_budget', `by model: '{"gpt-4o": {"max_budget": 1, "budget_duration": "1d"}}'`),
  texts('models', 'names and patterns that may be used'),
  json('metadata', 'whatever you want to keep with it'),
];

export const pageFields = [number('page', 'from 1'), number('page_size', 'rows on a page')];
