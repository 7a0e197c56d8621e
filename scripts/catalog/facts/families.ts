/** What whole families of models can do, where the packages do not say: `-` before a word says that they cannot. */
export interface Family {
  providers: RegExp;
  models: RegExp;
  can: string;
  source: string;
}

const claudeHosts = /^(?:anthropic|bedrock|vertex_ai|azure_ai|openrouter|vercel_ai_gateway|github_copilot)$/;
const openaiHosts = /^(?:openai|azure|openrouter|vercel_ai_gateway|github_copilot)$/;
const geminiHosts = /^(?:gemini|vertex_ai|openrouter|vercel_ai_gateway)$/;
const chat = 'function_calling tool_choice parallel_function_calling system_messages native_streaming prompt_caching';

export const families: readonly Family[] = [
  { providers: claudeHosts, models: /claude-(?!instant|2)/, can: `${chat} vision`, source: 'claude-models' },
  { providers: claudeHosts, models: /claude-(?:3[.-][57]|(?:opus|sonnet|haiku|fable|mythos)-)/, can: 'pdf_input', source: 'claude-models' },
  {
    providers: claudeHosts,
    models: /claude-(?:3[.-]7|(?:opus|sonnet|fable|mythos)-\d|haiku-[45])/,
    can: 'reasoning computer_use',
    source: 'claude-models',
  },
  {
    providers: claudeHosts,
    models: /claude-(?:(?:opus|sonnet|haiku)-4[.-][5-9]|(?:opus|sonnet|haiku|fable|mythos)-5)/,
    can: 'response_schema',
    source: 'claude-models',
  },
  {
    providers: claudeHosts,
    models: /claude-(?:3|(?:opus|sonnet|haiku)-4(?:[.-][15](?!\d)|-\d{8}|$))/,
    can: 'assistant_prefill',
    source: 'claude-models',
  },
  { providers: /^(?:anthropic|vertex_ai|azure_ai)$/, models: /claude-(?:3[.-][57]|\w+-[45])/, can: 'web_search', source: 'claude-models' },
  {
    providers: openaiHosts,
    models: /(?:^|\/)(?:gpt-4o(?!.*(?:transcribe|tts|audio|realtime|search))|gpt-4\.1|gpt-[56])(?!.*(?:image|chat-latest))/,
    can: `${chat} vision pdf_input response_schema web_search`,
    source: 'openai-models',
  },
  { providers: openaiHosts, models: /(?:^|\/)(?:o[134](?:-|$)|gpt-5(?!.*chat)|gpt-6)/, can: 'reasoning', source: 'openai-models' },
  { providers: openaiHosts, models: /(?:^|\/)gpt-4o(?!.*realtime|.*audio)/, can: '-reasoning', source: 'openai-models' },
  {
    providers: openaiHosts,
    models: /(?:^|\/)gpt-3\.5-turbo(?!-instruct)/,
    can: 'function_calling tool_choice system_messages native_streaming -vision -reasoning',
    source: 'openai-models',
  },
  {
    providers: openaiHosts,
    models: /(?:^|\/)gpt-(?:4o-(?:mini-)?audio|audio)/,
    can: 'audio_input audio_output function_calling',
    source: 'openai-models',
  },
  {
    providers: openaiHosts,
    models: /(?:^|\/)(?:gpt-realtime|gpt-4o-(?:mini-)?realtime)/,
    can: 'audio_input audio_output function_calling',
    source: 'openai-models',
  },
  {
    providers: geminiHosts,
    models: /gemini-(?:1\.5|2|3|4|flash|pro)(?!.*(?:tts|image|embedding|transcribe))/,
    can: `${chat} vision pdf_input audio_input video_input response_schema web_search`,
    source: 'gemini-models',
  },
  {
    providers: geminiHosts,
    models: /gemini-(?:2\.5|3|4)(?!.*(?:tts|image|embedding|transcribe|native-audio))/,
    can: 'reasoning url_context',
    source: 'gemini-models',
  },
];
