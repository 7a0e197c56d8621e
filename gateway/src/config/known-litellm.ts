/**
 * What LiteLLM's file may hold that Sluice has not built yet, and the names that may go to a provider. A setting
 * that is built has its field in `schema/` and is not here.
 * Source: LiteLLM's own documents and source, v1.81 to v1.105 (docs.litellm.ai/docs/proxy/config_settings, read 2026-11-21).
 */

/** Where a table of keys belongs, as it is called in messages. */
export type Section =
  | 'top'
  | 'model'
  | 'provider'
  | 'litellm_params'
  | 'litellm_settings'
  | 'router_settings'
  | 'general_settings'
  | 'model_info'
  | 'retry_policy'
  | 'allowed_fails_policy'
  | 'pass_through_endpoints'
  | 'team_settings'
  | 'alerting_args';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Known and not built: loads, and is named once at start. */
export const notBuilt: Readonly<Record<Section, readonly string[]>> = {
  top: words(`
    mcp_servers mcp_tools guardrails policies policy_attachments agent_list prompts
    callback_settings assistant_settings
    worker_registry mcp_settings ui_settings`),
  provider: words(`provider_info model_supported_endpoints extra_supported_params`),
  model: words(`model_file_id_mapping`),
  litellm_params: words(`
    allowed_model_region ssl_verify ssl_certificate http_client use_litellm_proxy
    use_xai_oauth azure_ad_token_provider azure_username azure_password
    context_window_fallback_dict retry_policy merge_reasoning_content_in_choices
    cache_control_injection_points guardrails max_file_size_mb litellm_trace_id litellm_session_id model_file_id_mapping
    supports_system_message ensure_alternating_roles user_continue_message assistant_continue_message roles
    initial_prompt_value final_prompt_value bos_token eos_token bedrock_tags caching cache ttl metadata
    litellm_metadata keepalive_seconds allow_client_keepalive_override prompt_id prompt_variables prompt_version prompt_label
    provider_specific_header vector_store_id vector_store_ids vector_bucket_name index_name tpu no-log force_timeout
    disable_add_transform_inline_image_block turn_off_message_logging deployment_id azure_endpoint
    aws_bedrock_project_id aws_bedrock_client vertex_count_tokens_location
    model_info file_ids num_workers priority_reservation default_fallbacks`),
  litellm_settings: words(`
    success_callback failure_callback service_callback service_callbacks input_callback audit_log_callbacks
    turn_off_message_logging redact_user_api_key_info log_raw_request_response redact_messages_in_exceptions
    standard_logging_payload_excluded_fields langfuse_default_tags json_logs store_audit_logs s3_callback_params
    aws_sqs_callback_params datadog_params datadog_llm_observability_params default_team_settings
    allow_dynamic_callback_disabling cold_storage_custom_logger extra_spend_tag_headers
    disable_add_user_agent_to_request_tags modify_params force_ipv4 ssl_verify ssl_certificate ssl_security_level
    enable_json_schema_validation use_chat_completions_url_for_anthropic_messages route_all_chat_openai_to_responses
    disable_copilot_system_to_assistant disable_hf_tokenizer_download disable_stop_sequence_limit add_function_to_prompt
    reasoning_auto_summary include_cost_in_streaming_usage network_mock enable_preview_features
    enable_anthropic_prompt_caching
    cache enable_redis_auth_cache
    enable_caching_on_provider_specific_optional_params default_in_memory_ttl default_redis_ttl default_redis_batch_cache_expiry
    max_ui_session_budget default_key_max_budget_alert_emails
    disable_end_user_cost_tracking disable_end_user_cost_tracking_prometheus_only custom_prometheus_metadata_labels
    custom_prometheus_tags prometheus_metrics_config prometheus_initialize_budget_metrics prometheus_emit_stream_label
    enable_end_user_cost_tracking_prometheus_only require_auth_for_metrics_endpoint       mcp_aliases mcp_semantic_tool_filter skip_system_message_in_guardrail
    public_mcp_servers public_agent_groups model_group_settings enable_loadbalancing_on_batch_endpoints
    telemetry suppress_debug_info return_response_headers guardrails banned_keywords_list
    blocked_user_list presidio_ad_hoc_recognizers output_parse_pii google_moderation_confidence_threshold
    llamaguard_model_name llamaguard_unsafe_content_categories dynamic_rate_limiting api_base api_key api_version
    organization openai_key azure_key anthropic_key headers drop_params_list
    add_user_information_to_llm_headers disable_streaming_logging disable_token_counter disable_no_log_param
    disable_add_transform_inline_image_block
    vertex_ai_safety_settings user_email_notifications model_group_alias_map retry
    accept_anthropic_format anthropic_beta max_tokens token email host_url secret_fields global_disable_no_log_param
    enable_azure_ad_token_refresh always_run_turn_off_message_logging`),
  router_settings: words(`
    cache_responses cache_kwargs caching_groups
    assistants_config
    search_tools guardrail_list alerting_config router_general_settings ignore_invalid_deployments debug_level set_verbose
    semantic_router_config plugins`),
  general_settings: words(`
    custom_sso custom_ui_sso_sign_in_handler custom_key_generate custom_key_update allow_user_auth
    allow_client_side_credentials default_team_disabled disable_adding_master_key_hash_to_db user_mcp_management_mode
    allow_unmanaged_response_ids database_type database_args database_connection_pool_timeout database_connect_timeout
    database_socket_timeout database_extra_connection_params database_disable_prepared_statements
    disable_prisma_schema_update store_model_in_db supported_db_objects use_redis_transaction_buffer proxy_batch_write_at
    disable_spend_updates disable_error_logs
    maximum_autorouter_session_retention_period
    maximum_health_check_retention_period disable_reset_budget
    proxy_budget_rescheduler_min_time proxy_budget_rescheduler_max_time proxy_batch_polling_interval control_plane_url
    allow_cli_sso_verification_uri_complete max_response_size_mb
    max_batch_file_size_mb disable_retry_on_max_parallel_request_limit_error completion_model
    embedding_model image_generation_model moderation_model infer_model_from_keys
    use_client_credentials_pass_through_routes forward_openai_org_id forward_llm_provider_auth_headers
    always_include_stream_usage disable_responses_id_security enable_openai_websocket_passthrough use_shared_health_check
    alerting_threshold alert_type_config
    enable_mcp_registry mcp_client_side_auth_header_name mcp_internal_ip_ranges mcp_trusted_proxy_ranges
    mcp_xff_num_trusted_hops mcp_required_fields require_end_user_mcp_access_defined block_robots litellm_license otel
    plugins proxy_config_reload_interval_seconds cancel_on_disconnect enable_public_model_hub
    disable_auto_add_proxy_admin_to_teams scheduled_job_stagger disable_budget_reservation
    provider_url_destination_allowed_hosts pass_through_all_models ui_theme use_legacy_interactions_schema`),
  model_info: words('allowed_fails_policy'),
  // Of kinds that the others hold already: a 404, and the 502 and 503 among the failures of a server.
  retry_policy: words('NotFoundErrorRetries ServiceUnavailableErrorRetries BadGatewayErrorRetries'),
  allowed_fails_policy: words('NotFoundErrorAllowedFails ServiceUnavailableErrorAllowedFails BadGatewayErrorAllowedFails'),
  pass_through_endpoints: words('guardrails'),
  team_settings: words('success_callback failure_callback callbacks turn_off_message_logging guardrails'),
  alerting_args: words(`
    daily_report_frequency outage_alert_ttl region_outage_alert_ttl minor_outage_alert_threshold major_outage_alert_threshold
    max_outage_alert_list_size`),
};

/** Families of keys that are known by their form, and not built. */
export const notBuiltForms: Readonly<Partial<Record<Section, RegExp>>> = {
  // Cloud credentials, price overrides, auto-routers, per-deployment loggers.
  litellm_params:
    /^(aws|vertex|watsonx|oci|s3|gcs|milvus|valkey|sagemaker|snowflake|langfuse|langsmith|arize|humanloop|posthog|braintrust|bitbucket|gitlab|dotprompt)_|_cost(_|$)|_pricing$|_router_|^supports_/,
  litellm_settings:
    /_(callback|interception|logger|settings|config)?_?params$|^(langfuse|langsmith|datadog|otel|prometheus|s3|gcs|argilla|braintrust|arize|phoenix|helicone|lunary|mlflow|opik|sentry|slack|athina|presidio|lakera|dd)_/,
  general_settings: /^store_mcp_|^mcp_|^ui_/,
  router_settings: /^redis_/,
  // Where a team's calls are logged.
  team_settings: /^(langfuse|langsmith|gcs|arize|humanloop|posthog|braintrust|otel|datadog|dd|s3|lunary|opik|helicone)_/,
};

/** OpenAI's request members without a field of their own in the schema: taken as a deployment's defaults. */
export const openaiParams: readonly string[] = words(`
  stop stream_options modalities prediction audio logit_bias user response_format tools tool_choice parallel_tool_calls
  reasoning_effort verbosity safety_identifier service_tier web_search_options functions function_call store
  prompt_cache_key prompt_cache_retention encoding_format instructions reasoning text truncation include background
  thinking stream size quality style output_format output_compression moderation voice speed language prompt
  timestamp_granularities suffix echo best_of input_type max_tool_calls input`);

/** Members that vendors take and OpenAI does not: they go to the provider as they are. Here so that they pass for no misspelling. */
export const vendorParams: readonly string[] = words(`
  top_k top_a top_n min_p min_tokens max_new_tokens min_new_tokens typical_p repetition_penalty length_penalty
  no_repeat_ngram_size do_sample use_beam_search num_beams early_stopping stop_token_ids stop_sequences ignore_eos
  skip_special_tokens spaces_between_special_tokens truncate_prompt_tokens include_stop_str_in_output guided_json guided_regex
  guided_choice guided_grammar guided_decoding_backend chat_template chat_template_kwargs add_generation_prompt
  prompt_logprobs num_ctx num_predict num_gpu num_thread num_batch num_keep keep_alive mirostat mirostat_eta mirostat_tau tfs_z
  repeat_last_n repeat_penalty penalize_newline think format options template raw system safe_prompt random_seed prompt_mode
  safety_settings safetySettings generation_config generationConfig thinking_config thinkingConfig response_mime_type
  response_schema cached_content search_recency_filter search_domain_filter search_after_date_filter return_images
  return_related_questions return_citations search_mode search_parameters reasoning_format reasoning_split include_reasoning
  enable_thinking thinking_budget enable_search transforms route models provider usage context_management mcp_servers
  container betas anthropic_beta output_config citation_options documents_mode documents connectors preamble k p
  inference_geo cache_control additionalModelRequestFields additionalModelResponseFieldPaths guardrailConfig performanceConfig
  requestMetadata serviceTier safety_mode strict_tools raw_prompting instruction topK topP`);
