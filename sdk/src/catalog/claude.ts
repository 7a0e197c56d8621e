import type { ModelTraits } from '../types/index.ts';

/*
 * What Claude models take, by family and version, so that a new model of a known line is right on its first day.
 * Sources, read 2026-11-21: platform.claude.com/docs/en/models/overview (limits, thinking), the migration guides of
 * Opus 4.7, Opus 5, Opus 5.5, Sonnet 5 and Sonnet 5.5 there (sampling, budgets, thinking that cannot be turned off),
 * langchain-ai/langchainjs release @langchain/anthropic@1.5.13 (system messages in mid-conversation),
 * Effect-TS/effect release @effect/ai-anthropic@4.0.0-beta.106 (128,000 output tokens from 4.6 on).
 */

type Family = 'opus' | 'sonnet' | 'haiku' | 'fable' | 'mythos' | 'instant';

interface ClaudeName {
  family: Family | undefined;
  /** 4.6 is 406, so that versions compare as numbers. */
  version: number;
}

const newOrder = /claude-(opus|sonnet|haiku|fable|mythos)-(\d{1,2})(?:[.-](\d{1,2}))?(?!\d)/;
const oldOrder = /claude-(?:(instant)-)?(\d)(?:[.-](\d))?(?:-(opus|sonnet|haiku))?(?!\d)/;

/** Reads the names of every platform: `claude-opus-4-6`, `claude-3-5-sonnet-20241022`, `anthropic.claude-opus-4-1-20250805-v1:0`, `claude-haiku-4.5`. */
export const parseClaude = (model: string): ClaudeName | undefined => {
  const modern = newOrder.exec(model);
  if (modern) return { family: modern[1] as Family, version: Number(modern[2]) * 100 + Number(modern[3] ?? 0) };
  // The one model that was named before it had a number.
  if (model.includes('claude-mythos-preview')) return { family: 'mythos', version: 407 };
  const old = oldOrder.exec(model);
  if (!old) return undefined;
  return { family: (old[1] ?? old[4]) as Family | undefined, version: Number(old[2]) * 100 + Number(old[3] ?? 0) };
};

const maxOutputTokens = ({ family, version }: ClaudeName): number => {
  if (version >= 406) return 128_000;
  if (version >= 405) return 64_000;
  if (version >= 400) return family === 'opus' ? 32_000 : 64_000;
  if (version >= 307) return 64_000;
  return version >= 305 ? 8192 : 4096;
};

const thinkingDefault = ({ family, version }: ClaudeName): NonNullable<ModelTraits['thinkingDefault']> => {
  if (family === 'fable' || family === 'mythos') return 'always';
  if (version < 500) return 'off';
  return version >= 505 && family !== 'haiku' ? 'always' : 'on';
};

/** Nothing is said of a name that is not Claude's. */
export const claudeTraits = (model: string): ModelTraits => {
  const name = parseClaude(model);
  if (!name) return {};
  const { version } = name;
  return {
    origin: 'anthropic',
    maxOutputTokens: maxOutputTokens(name),
    reasoning: version >= 406 ? 'adaptive' : version >= 307 ? 'budget' : 'none',
    ...(version >= 307 && { thinkingDefault: thinkingDefault(name) }),
    // "Prefilling assistant messages returns a 400 error on Claude 4.6 models" (the migration guide, read 2026-11-22).
    ...(version < 406 && { prefill: true }),
    jsonSchema: version >= 405,
    ...(version >= 407 && { fixedSampling: true }),
    ...(version >= 408 && { systemAnywhere: true }),
  };
};
