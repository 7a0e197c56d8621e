import { table } from '../../lib/table.ts';
import type { ChatRequest, JsonObject, Tool, ToWireContext } from '../../types/index.ts';
import { asObject } from './read.ts';

/*
 * Members of a format that the neutral model has no word for, and that other formats cannot say. They stay behind in
 * `extra` when a request goes to another format, which must not happen in silence: what the client relies on is refused
 * by name, the rest is recorded.
 */

type Loss = 'drop' | 'refuse';

const members: Readonly<Record<string, Readonly<Record<string, Loss>>>> = {
  'anthropic-messages': {
    cache_control: 'drop',
    container: 'drop',
    context_management: 'drop',
    diagnostics: 'drop',
    fallbacks: 'drop',
    // Where the data may be computed on is no wish.
    inference_geo: 'refuse',
    mcp_servers: 'refuse',
    speed: 'drop',
    user_profile_id: 'drop',
  },
  'bedrock-converse': {
    additionalModelRequestFields: 'drop',
    additionalModelResponseFieldPaths: 'drop',
    // What it was to keep out would come through.
    guardrailConfig: 'refuse',
    performanceConfig: 'drop',
    // The prompt that they belong into is kept by Bedrock.
    promptVariables: 'refuse',
  },
  'cohere-chat': {
    citation_options: 'drop',
    priority: 'drop',
    // Without a template around them the words are another prompt.
    raw_prompting: 'refuse',
    safety_mode: 'drop',
  },
  gemini: {
    // The context is in the cache, and nowhere else.
    cachedContent: 'refuse',
    labels: 'drop',
    modelArmorConfig: 'refuse',
    processingOptions: 'drop',
    safetySettings: 'drop',
  },
  'openai-chat': { moderation: 'drop', prompt_cache_options: 'drop', prompt_cache_retention: 'drop', safety_identifier: 'drop' },
  'openai-responses': {
    context_management: 'drop',
    max_tool_calls: 'drop',
    moderation: 'drop',
    prompt_cache_options: 'drop',
    prompt_cache_retention: 'drop',
    safety_identifier: 'drop',
    truncation: 'drop',
  },
};

const openaiFormats: ReadonlySet<string> = new Set(['openai-chat', 'openai-responses']);

/** What OpenAI's two formats both have and others do not, where the request goes from one to the other at a vendor that takes it. */
export const carriedMembers = (
  { extra }: Pick<ChatRequest, 'extra'>,
  own: string,
  { from, quirks }: Pick<ToWireContext, 'from' | 'quirks'>,
): { prompt_cache_retention?: unknown } => {
  const retention = extra?.[from]?.['prompt_cache_retention'];
  const carried = quirks.promptCacheRetention && from !== own && openaiFormats.has(from) && openaiFormats.has(own);
  return carried && retention !== undefined && retention !== null ? { prompt_cache_retention: retention } : {};
};

/** Values that ask for what is so anyway. */
const ordinary: Readonly<Record<string, unknown>> = table({
  truncation: 'disabled',
  speed: 'standard',
  raw_prompting: false,
  priority: 0,
});

/** What the neutral model does read of a member that is an object. */
const readOf: Readonly<Record<string, readonly string[]>> = table({
  additionalModelRequestFields: [
    'inferenceConfig',
    'output_config',
    'reasoningConfig',
    'reasoning_config',
    'reasoning_effort',
    'thinking',
    'top_k',
  ],
});

/** Settings in an object of a format that stand in `extra` as they came; those that are not named here are `others`. */
const settings: Readonly<Record<string, { member: string; named: Readonly<Record<string, Loss | 'silent'>>; others: Loss | 'silent' }>> = {
  gemini: {
    member: 'generationConfig',
    // A schema is kept beside its translation. Of the types, only those are kept that could not be translated: `text/x.enum`.
    named: { responseMimeType: 'refuse', responseSchema: 'silent', responseJsonSchema: 'silent' },
    others: 'drop',
  },
  'ollama-chat': {
    member: 'options',
    named: {
      min_p: 'drop',
      mirostat: 'drop',
      mirostat_eta: 'drop',
      mirostat_tau: 'drop',
      penalize_newline: 'drop',
      repeat_last_n: 'drop',
      repeat_penalty: 'drop',
      tfs_z: 'drop',
      typical_p: 'drop',
    },
    // How Ollama is to use its machine.
    others: 'silent',
  },
};

/**
 * The same of a function: when and by whom it may be called, how its arguments come
 * (https://platform.claude.com/docs/en/agents-and-tools/tool-use/tool-reference, read 2026-11-22).
 */
const toolMembers: Readonly<Record<string, readonly string[]>> = table({
  'anthropic-messages': ['allowed_callers', 'defer_loading', 'eager_input_streaming', 'input_examples'],
});

/** The values of these that ask for what is so anyway. */
const isOrdinary = (value: unknown): boolean =>
  value === undefined || value === null || value === false || (Array.isArray(value) && value.every((each) => each === 'direct'));

const noteToolMembers = (tools: readonly Tool[], { from, drop }: Pick<ToWireContext, 'from' | 'drop'>): void => {
  const given = tools.flatMap((tool) => (tool.type === 'function' ? [tool.extra?.[from] ?? {}] : []));
  for (const name of toolMembers[from] ?? [])
    if (given.some((extra) => !isOrdinary(extra[name]))) drop(`tools[].${name}`, 'only providers of its own format have it');
};

const isGiven = (name: string, value: unknown): boolean => {
  if (value === undefined || value === null || value === ordinary[name]) return false;
  return typeof value !== 'object' || Object.keys(value).some((each) => !readOf[name]?.includes(each));
};

/**
 * Notes what a request of another format loses on its way to the format `own`.
 * @throws SluiceError `unsupported_parameter` for what cannot be left out in silence
 */
export const noteForeignMembers = (
  { extra, tools, user }: Pick<ChatRequest, 'extra' | 'tools' | 'user'>,
  own: string,
  { from, quirks, drop, lacks }: Pick<ToWireContext, 'from' | 'quirks' | 'drop' | 'lacks'>,
): void => {
  if (from === own) return;
  if (tools) noteToolMembers(tools, { from, drop });
  const given: JsonObject | undefined = extra?.[from];
  if (!given) return;
  const carried = carriedMembers({ extra }, own, { from, quirks });
  const note = (name: string, loss: Loss | 'silent'): void => {
    if (loss === 'refuse') lacks(name, 'only providers of its own format have it');
    else if (loss === 'drop') drop(name, 'only providers of its own format have it');
  };
  for (const [name, loss] of Object.entries(members[from] ?? {})) {
    // Where it is what the neutral `user` was read from, nothing is lost.
    if (name === 'safety_identifier' && given[name] === user) continue;
    if (isGiven(name, given[name]) && !(name in carried)) note(name, loss);
  }
  const inside = settings[from];
  if (!inside) return;
  for (const [name, value] of Object.entries(asObject(given[inside.member]) ?? {}))
    if (isGiven(name, value))
      note(`${inside.member}.${name}`, (Object.hasOwn(inside.named, name) ? inside.named[name] : undefined) ?? inside.others);
};
