import { z } from 'zod';
import { describe, freeForm, requiredText, texts } from './fields.ts';
import { generalSettings } from './general-settings.ts';
import { partialParams } from './litellm-params.ts';
import { litellmSettings } from './litellm-settings.ts';
import { modelList } from './model-list.ts';
import { ownProviders } from './providers.ts';
import { routerSettings } from './router-settings.ts';
import { keptSettings } from './kept-settings.ts';
import { searchTools } from './search-tools.ts';
import { sluiceSettings } from './sluice-settings.ts';
import { teamSettings } from './team-settings.ts';

const variable = z.preprocess(
  (value) => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : value),
  z.string().optional(),
);

/** The whole file. The one place where the slices meet. */
export const configSchema = z.strictObject({
  model_list: modelList,
  providers: ownProviders,
  search_tools: searchTools,
  ...keptSettings,
  team_settings: teamSettings,
  litellm_settings: litellmSettings,
  router_settings: routerSettings,
  general_settings: generalSettings,
  sluice_settings: sluiceSettings,
  environment_variables: describe(
    z.record(z.string(), variable).optional(),
    { about: "Variables for `os.environ/NAME` and for finding providers' keys. They win over those of the process." },
    { additionalProperties: { type: ['string', 'number', 'boolean'] } },
  ),
  credential_list: describe(
    z
      .array(
        z.strictObject({
          credential_name: requiredText({ about: 'What `litellm_credential_name` refers to.' }),
          credential_values: describe(partialParams.optional(), { about: 'Any of `litellm_params`.' }),
          credential_info: freeForm({ about: 'For people; has no effect.' }),
        }),
      )
      .optional(),
    { about: 'Credentials that several deployments share.' },
  ),
  include: texts({ about: 'More files, relative to this one. Their lists are appended, their settings win.' }),
});

export type Config = z.output<typeof configSchema>;
