import type { Endpoint, ModelTraits } from '../types/index.ts';

/*
 * What OpenAI's models take, and which endpoint serves them, read from their names. Sources, read 2026-11-21:
 * platform.openai.com/docs/models (endpoints of each model), platform.openai.com/docs/guides/reasoning,
 * platform.openai.com/docs/guides/latest-model (GPT-5.1 and later take temperature and top_p with effort `none`, which
 * is what they do unasked up to 5.4; from 5.5 on they reason unasked: BerriAI/litellm pull requests 32060 and 34599,
 * tak848/ccgate pull request 113), openai/openai-openapi issue 541 and BerriAI/litellm pull request 34569
 * (from GPT-5.4 on, Chat Completions refuses function tools together with reasoning; Responses takes them).
 */

interface GptName {
  /** 5.4 is 504, so that versions compare as numbers. */
  version: number;
  omni: boolean;
  /** What stands behind the number: `mini`, `codex-max`, `chat-latest`, `2025-08-07`, `` */
  variant: string;
}

const gpt = /^gpt-(\d+)(o)?(?:\.(\d+))?(?:[-_](.+))?$/;
const oSeries = /^o\d+(?:[-_](.+))?$/;

/** The model behind a fine-tuned one, in OpenAI's own spelling (Azure writes `gpt-35-turbo`). */
const baseName = (model: string): string => model.replace(/^ft:([^:]+).*$/, '$1').replace(/^gpt-35/, 'gpt-3.5');

const parseGpt = (name: string): GptName | undefined => {
  const found = gpt.exec(name);
  if (!found) return undefined;
  return { version: Number(found[1]) * 100 + Number(found[3] ?? 0), omni: found[2] !== undefined, variant: found[4] ?? '' };
};

const has = (variant: string, word: string): boolean => new RegExp(`(^|[-_])${word}([-_]|$)`).test(variant);

/** Models that reason whatever they are told, so that sampling parameters are refused. */
const alwaysReasons = ({ version, variant }: GptName): boolean =>
  version === 500 || version >= 600 || has(variant, 'pro') || has(variant, 'codex');

export const openaiTraits = (model: string): ModelTraits => {
  const name = baseName(model);
  if (/^o1-(mini|preview)/.test(name)) return { reasoning: 'none', jsonSchema: false, fixedSampling: true, maxCompletionTokens: true };
  if (oSeries.test(name) || name === 'codex-mini-latest' || name.startsWith('computer-use-preview')) return reasoner;
  const parsed = parseGpt(name);
  if (!parsed) return {};
  const { version, omni, variant } = parsed;
  if (version >= 500) {
    // GPT-5 Chat is the model of ChatGPT without its reasoning.
    if (version === 500 && variant.startsWith('chat')) return { reasoning: 'none', jsonSchema: true, maxCompletionTokens: true };
    if (has(variant, 'search')) return { ...reasoner, fixedSampling: true };
    if (alwaysReasons(parsed)) return reasoner;
    return { ...reasoner, fixedSampling: 'reasoning', thinkingDefault: version >= 505 ? 'on' : 'off' };
  }
  const jsonSchema = (omni && variant !== '2024-05-13') || version > 400;
  return { reasoning: 'none', jsonSchema, ...(has(variant, 'search') && { fixedSampling: true }) };
};

const reasoner: ModelTraits = { origin: 'openai', reasoning: 'effort', jsonSchema: true, fixedSampling: true, maxCompletionTokens: true };

const chatOnly: readonly Endpoint[] = ['chat'];
const responsesOnly: readonly Endpoint[] = ['responses'];
const completionsOnly: readonly Endpoint[] = ['completions'];
const chatFirst: readonly Endpoint[] = ['chat', 'responses'];
const responsesFirst: readonly Endpoint[] = ['responses', 'chat'];

/** The endpoints that serve a model, the best for a request of a foreign format first. Undefined: not a name of OpenAI's. */
export const openaiChatEndpoints = (model: string): readonly Endpoint[] | undefined => {
  const name = baseName(model);
  if (/^(davinci|babbage)-002|^gpt-3\.5-turbo-instruct/.test(name)) return completionsOnly;
  if (/^o1-(mini|preview)/.test(name)) return chatOnly;
  if (name === 'codex-mini-latest' || name.startsWith('computer-use-preview')) return responsesOnly;
  const series = oSeries.exec(name);
  if (series) return has(series[1] ?? '', 'pro') || has(series[1] ?? '', 'deep-research') ? responsesOnly : chatFirst;
  if (/^gpt-audio|^chatgpt-4o/.test(name)) return name.startsWith('gpt-audio') ? chatOnly : chatFirst;
  const parsed = parseGpt(name);
  if (!parsed) return undefined;
  const { version, variant } = parsed;
  if (has(variant, 'audio') || has(variant, 'search')) return chatOnly;
  if (has(variant, 'codex') || has(variant, 'pro') || has(variant, 'deep-research')) return responsesOnly;
  return version >= 504 ? responsesFirst : chatFirst;
};

/** The same at OpenAI itself and at Azure, whatever the model is called: what is encrypted there is OpenAI's. */
export const openaiFamily = (model: string): ModelTraits => ({ origin: 'openai', ...openaiTraits(model) });
