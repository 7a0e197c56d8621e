import type { ChatRequest, ProtocolId } from '../../types/index.ts';

type Parameter = Exclude<keyof ChatRequest, 'model' | 'messages' | 'stream' | 'unknown' | 'extra' | 'includeUsage'>;

const openaiChat: Readonly<Record<Parameter, string>> = {
  tools: 'tools',
  toolChoice: 'tool_choice',
  parallelToolCalls: 'parallel_tool_calls',
  maxOutputTokens: 'max_tokens',
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  stop: 'stop',
  seed: 'seed',
  presencePenalty: 'presence_penalty',
  frequencyPenalty: 'frequency_penalty',
  logitBias: 'logit_bias',
  logprobs: 'logprobs',
  topLogprobs: 'top_logprobs',
  candidateCount: 'n',
  responseFormat: 'response_format',
  reasoning: 'reasoning_effort',
  verbosity: 'verbosity',
  modalities: 'modalities',
  audio: 'audio',
  prediction: 'prediction',
  webSearch: 'web_search_options',
  serviceTier: 'service_tier',
  metadata: 'metadata',
  user: 'user',
  store: 'store',
  promptCacheKey: 'prompt_cache_key',
};

/** Where a format's spelling is not OpenAI chat's. */
const different: Readonly<Record<string, Partial<Record<Parameter, string>>>> = {
  'openai-responses': {
    maxOutputTokens: 'max_output_tokens',
    reasoning: 'reasoning.effort',
    responseFormat: 'text.format',
    verbosity: 'text.verbosity',
    webSearch: 'tools',
  },
  'anthropic-messages': {
    stop: 'stop_sequences',
    parallelToolCalls: 'tool_choice.disable_parallel_tool_use',
    reasoning: 'thinking',
    responseFormat: 'output_format',
    webSearch: 'tools',
    user: 'metadata.user_id',
  },
  gemini: {
    toolChoice: 'toolConfig.functionCallingConfig',
    maxOutputTokens: 'generationConfig.maxOutputTokens',
    temperature: 'generationConfig.temperature',
    topP: 'generationConfig.topP',
    topK: 'generationConfig.topK',
    stop: 'generationConfig.stopSequences',
    seed: 'generationConfig.seed',
    presencePenalty: 'generationConfig.presencePenalty',
    frequencyPenalty: 'generationConfig.frequencyPenalty',
    logprobs: 'generationConfig.responseLogprobs',
    topLogprobs: 'generationConfig.logprobs',
    candidateCount: 'generationConfig.candidateCount',
    responseFormat: 'generationConfig.responseMimeType',
    reasoning: 'generationConfig.thinkingConfig',
    modalities: 'generationConfig.responseModalities',
    audio: 'generationConfig.speechConfig',
    webSearch: 'tools',
  },
  'ollama-chat': {
    maxOutputTokens: 'options.num_predict',
    temperature: 'options.temperature',
    topP: 'options.top_p',
    topK: 'options.top_k',
    stop: 'options.stop',
    seed: 'options.seed',
    presencePenalty: 'options.presence_penalty',
    frequencyPenalty: 'options.frequency_penalty',
    responseFormat: 'format',
    reasoning: 'think',
  },
  'cohere-chat': {
    topP: 'p',
    topK: 'k',
    stop: 'stop_sequences',
    reasoning: 'thinking',
  },
};

/** How the client's format spells a parameter of the neutral model, so that an error names what the client wrote. */
export const parameterName = (parameter: Parameter, from: ProtocolId): string => different[from]?.[parameter] ?? openaiChat[parameter];
