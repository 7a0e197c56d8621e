import type { Section } from './known-litellm.ts';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/**
 * Keys that neither LiteLLM nor Sluice has, and that people's files hold all the same: invented by their authors, or
 * copied from somebody who had. LiteLLM ignores them without a word, so the file runs there and must run here; but its
 * author hears that they do nothing. Source: some sixty public files named `litellm_config.yaml` and the like, read 2026-11-21.
 */
const pasted: Readonly<Partial<Record<Section, readonly string[]>>> = {
  top: words(`litellm_params environment logging caching cache rate_limiting rate_limit health_check prometheus prometheus_settings`),
  litellm_settings: words(`
    track_cost_per_request stream_response ui_username ui_password log_level debug verbose enable_cost_tracking port host`),
  router_settings: words(`
    enable_load_balancing enable_cooldowns enable_fallbacks enable_cost_tracking enable_retries enable_caching health_check`),
  general_settings: words(`
    port host debug detailed_debug verbose set_verbose log_level log_verbose json_logs environment salt_key ui_username ui_password
    enable_cors cors cors_origins cors_allow_origins allowed_origins allow_requests_from_all_origins allow_requests_from_any_ip
    health_check health_check_path disable_health_check enable_health_check use_langfuse disable_request_timeout jwt_settings
    max_requests_per_minute enable_spend_logs store_user_in_spend_logs enable_user_tracking track_user_costs track_cost_per_request
    track_tokens_per_user max_budget_user max_user_requests_per_hour enable_metrics enable_cost_tracking redis_url`),
};

export const isPasted = (section: Section, key: string): boolean => pasted[section]?.includes(key) ?? false;

export const pastedMessage = 'LiteLLM has no such setting and ignores it; it has no effect here either';
