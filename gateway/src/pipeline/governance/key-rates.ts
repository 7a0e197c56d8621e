import type { TeamRecord } from '../../access/records/records.ts';
import type { LimitedSubject } from './subject-limits.ts';
import type { LimitsOf } from './caller-limits.ts';

/**
 * What each key may ask of a model where neither it nor its team says (`default_api_key_rpm_limit`,
 * `default_api_key_tpm_limit` of deployments; LiteLLM asks in this order, `get_key_model_rpm_limit` of its litellm/proxy/auth/auth_utils.py, read 2026-11-22). Of several
 * deployments the least.
 */
export const keyRatesOf = ({ router }: LimitsOf, model: string, team: TeamRecord | undefined): LimitedSubject['modelRates'] => {
  let requestsPerMinute: number | undefined;
  let tokensPerMinute: number | undefined;
  if (model !== '')
    for (const { deployment } of router.match(model)) {
      const { keyLimits } = deployment.payload;
      requestsPerMinute = least(requestsPerMinute, keyLimits?.requestsPerMinute);
      tokensPerMinute = least(tokensPerMinute, keyLimits?.tokensPerMinute);
    }
  if (team?.model_rpm_limit && Object.hasOwn(team.model_rpm_limit, model)) requestsPerMinute = undefined;
  if (team?.model_tpm_limit && Object.hasOwn(team.model_tpm_limit, model)) tokensPerMinute = undefined;
  return requestsPerMinute === undefined && tokensPerMinute === undefined ? undefined : { requestsPerMinute, tokensPerMinute };
};

const least = (a: number | undefined, b: number | undefined): number | undefined => (a === undefined || (b !== undefined && b < a) ? b : a);
