import { z } from 'zod';
import { modelModes } from '../snapshot.ts';
import { boolean, choice, describe, number, requiredText, text, texts } from './fields.ts';
import { litellmParams } from './litellm-params.ts';
import { schedule } from './schedule.ts';

const deadline = { unit: 'milliseconds', min: 0, int: true };

/** Sluice's own facts of a deployment. */
export const sluiceParams = describe(
  z
    .strictObject({
      connect_timeout_ms: number({ ...deadline, about: 'To a connection. 0: none.' }),
      first_token_timeout_ms: number({ ...deadline, about: 'From sending to the first output. 0: none.' }),
      idle_timeout_ms: number({ ...deadline, about: 'Between two events of a stream. 0: none.' }),
      timeout_ms: number({ ...deadline, about: 'The whole call, all tries together. 0: none.' }),
      active: schedule,
    })
    .optional(),
  {
    about:
      "Sluice's own of this deployment: its hours, and deadlines that are exact where LiteLLM's `timeout` is not; what is absent of those is as in `sluice_settings`.",
  },
);

export const modelInfo = describe(
  z
    .looseObject({
      id: text({ about: 'A stable id of the deployment. Absent: made from the entry itself.' }),
      mode: choice(modelModes, { about: 'What the model is for. `responses`: chat calls use the Responses API.' }),
      base_model: text({ about: 'The model that it really is, where the name does not say so (Azure).' }),
      weight: number({ min: 0, about: 'The same as `litellm_params.weight`, which wins.' }),
      access_groups: texts({ about: 'Names for several models in the lists of what keys and teams may call.' }),
      region: text({ about: 'The same as `litellm_params.region_name`, which wins.' }),
      supported_environments: texts({ about: 'Served only where LITELLM_ENVIRONMENT is one of these.' }),
      blocked: boolean({ default: false, about: 'Not served.' }),
      health_check_model: text({ about: 'What is asked for to check it, instead of its model: for wildcards.' }),
      health_check_timeout: number({ min: 0, unit: 'seconds', about: 'How long a check may take.' }),
      health_check_max_tokens: number({ min: 1, int: true, about: "The most tokens of a check's answer." }),
      disable_background_health_check: boolean({ default: false, about: 'Not checked in the background.' }),
    })
    .optional(),
  { about: 'Facts about the model. Other members are kept and shown to clients.' },
);

export const modelInfoNames = [
  'id',
  'mode',
  'base_model',
  'weight',
  'access_groups',
  'region',
  'supported_environments',
  'blocked',
  'health_check_model',
  'health_check_timeout',
  'health_check_max_tokens',
  'disable_background_health_check',
] as const;

const modelEntry = z.strictObject({
  model_name: requiredText({ about: 'What clients ask for. Several entries may share it; `*` makes it a pattern.' }),
  litellm_params: describe(litellmParams, { about: 'How it is reached.' }),
  model_info: modelInfo,
  sluice_params: sluiceParams,
  rpm: number({ min: 0, about: 'The same as `litellm_params.rpm`, which wins.' }),
  tpm: number({ min: 0, about: 'The same as `litellm_params.tpm`, which wins.' }),
  blocked: boolean({ default: false, about: 'The same as `model_info.blocked`.' }),
});

export const modelList = describe(z.array(modelEntry).optional(), { about: 'The deployments.' });
export type ModelEntry = z.output<typeof modelEntry>;
