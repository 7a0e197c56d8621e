import { defaults } from '../defaults.ts';
import { boolean, number, texts } from './fields.ts';

const routing = {
  enable_health_check_routing: 'Leave out of picks what failed its last background check, while others are healthy.',
  health_check_staleness_threshold: 'How long the result of a check counts. Absent: twice the interval.',
};

/** The two that `router_settings` has as well. */
export const healthRoutingShape = {
  enable_health_check_routing: boolean({ default: false, about: routing.enable_health_check_routing }),
  health_check_staleness_threshold: number({ min: 0, unit: 'seconds', about: routing.health_check_staleness_threshold }),
};

export const healthShape = {
  ...healthRoutingShape,
  background_health_checks: boolean({
    default: false,
    about: 'Check the deployments again and again; `/health` then tells the last results.',
  }),
  health_check_interval: number({
    min: 1,
    unit: 'seconds',
    default: defaults.healthCheckIntervalMs / 1000,
    about: 'Between two rounds of background checks.',
  }),
  health_check_details: boolean({ default: true, about: '`/health` tells more of a deployment than its id and model.' }),
  health_check_concurrency: number({ min: 1, int: true, about: 'Checks at the same time.' }),
  health_check_ignore_transient_errors: boolean({
    default: false,
    about: 'A check that fails with 408 or 429 says nothing of the deployment.',
  }),
  health_check_skip_disabled_background_models: boolean({
    default: false,
    about: 'Deployments with `disable_background_health_check` are not checked when `/health` is asked, either.',
  }),
  background_health_check_model_groups: texts({ about: 'The model names that are checked in the background. Absent: all.' }),
  model_list_healthy_only: boolean({ default: false, about: '`/v1/models` lists no name whose deployments all failed their last check.' }),
};
