import type { ModelTraits } from '../types/index.ts';

/*
 * What Gemini models take, by version. Sources, read 2026-11-21: ai.google.dev/gemini-api/docs/models (limits),
 * ai.google.dev/gemini-api/docs/thinking (budget for 2.5, level from 3 on), ai.google.dev/gemini-api/docs/structured-output.
 */

const versioned = /^gemini-(\d+)(?:\.(\d+))?(?:-|$)/;
/** `gemini-flash-latest` and its kind follow the newest line. */
const rolling = /^gemini-(?:pro|flash|flash-lite)-latest$/;
/** Speech and (before Gemini 3) picture models do not think. */
const thoughtless = /-(?:tts|native-audio|image)(?:-|$)/;

/** Nothing is said of a name that is not known. */
export const geminiTraits = (model: string): ModelTraits => {
  if (/^gemma-[1-3]/.test(model)) return { reasoning: 'none', jsonSchema: false, maxOutputTokens: 8192 };
  if (rolling.test(model)) return { reasoning: 'level', jsonSchema: true, maxOutputTokens: 65_536 };
  const found = versioned.exec(model);
  if (!found) return {};
  const version = Number(found[1]) * 100 + Number(found[2] ?? 0);
  if (version < 205) return { reasoning: 'none', jsonSchema: true, maxOutputTokens: 8192 };
  const thinks = !thoughtless.test(model) || (version >= 300 && model.includes('image'));
  return { reasoning: thinks ? (version >= 300 ? 'level' : 'budget') : 'none', jsonSchema: true, maxOutputTokens: 65_536 };
};
