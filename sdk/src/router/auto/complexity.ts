import { estimateTokens } from '../../lib/estimate-tokens.ts';
import { codeMarks, complexityWords, firstWords, stepWords, thenWords, unspacedSteps, type ComplexityWords } from './complexity-words.ts';
import { createPhraseFinder, wordsOf, type PhraseFinder } from './phrase-finder.ts';

/** From the easiest to the hardest. */
export const complexityTiers = ['SIMPLE', 'MEDIUM', 'COMPLEX', 'REASONING'] as const;
export type ComplexityTier = (typeof complexityTiers)[number];

/** What is absent is as LiteLLM has it. */
export interface ComplexityOptions {
  /** Scores from which the next tier holds. Defaults 0.15, 0.35, 0.6. */
  readonly boundaries?: { readonly simpleMedium?: number; readonly mediumComplex?: number; readonly complexReasoning?: number };
  /** Below `simple` (15) tokens a prompt is short, above `complex` (400) it is long. */
  readonly tokenThresholds?: { readonly simple?: number; readonly complex?: number };
  /** What each sign weighs. One that is not named keeps its default. */
  readonly weights?: Readonly<Record<string, number>>;
  /** Instead of our own words. */
  readonly keywords?: Partial<ComplexityWords>;
}

export interface Complexity {
  readonly tier: ComplexityTier;
  readonly score: number;
  /** What was seen, for people: `code (python, api)`. Words of the lists alone, none of the prompt. */
  readonly signs: readonly string[];
}

/** LiteLLM's own names and numbers (its complexity router's README, read 2026-11-22). */
const defaultWeights = {
  tokenCount: 0.1,
  codePresence: 0.3,
  reasoningMarkers: 0.25,
  technicalTerms: 0.25,
  simpleIndicators: 0.05,
  multiStepPatterns: 0.03,
  questionComplexity: 0.02,
} as const;

/** A longer prompt is judged by its beginning and its end, where requests are: the cost of judging is bounded. */
const sampleChars = 16_384;
/** More of one kind changes nothing. */
const enough = 4;

const listItem = /^[ \t]{0,8}(?:\d{1,3}[.)]|[a-z]\))[ \t]/gim;
const questionMarks = /[?？؟]/g;

/**
 * Scores how hard a request looks, by rules alone: no call, no state, linear in the text's length. The algorithm is
 * that of LiteLLM's complexity router (`complexity_router.py` and its README, read 2026-11-22): a weighted sum over
 * seven signs, mapped to four tiers; two marks of reasoning lift a request to the last tier, unless it is trivial.
 * Unlike there, the system prompt is not looked at: an agent's is the same for each of its requests, the easy ones too.
 */
export const createComplexityScorer = (options: ComplexityOptions = {}): ((text: string) => Complexity) => {
  const { simpleMedium = 0.15, mediumComplex = 0.35, complexReasoning = 0.6 } = options.boundaries ?? {};
  const { simple: shortTokens = 15, complex: longTokens = 400 } = options.tokenThresholds ?? {};
  const weights: Readonly<Record<keyof typeof defaultWeights, number>> = { ...defaultWeights, ...options.weights };
  const words = { ...complexityWords, ...options.keywords };
  const code = createPhraseFinder([...words.code, ...codeMarks]);
  const reasoning = createPhraseFinder(words.reasoning);
  const technical = createPhraseFinder(words.technical);
  const simple = createPhraseFinder(words.simple);

  return (text) => {
    const sample = text.length > 2 * sampleChars ? `${text.slice(0, sampleChars)}\n${text.slice(-sampleChars)}` : text;
    const spoken = wordsOf(sample);
    const signs: string[] = [];
    const count = (finder: PhraseFinder, kind: string, from: number): number => {
      const found = finder.find(sample, spoken, enough);
      if (found.length >= from) signs.push(`${kind} (${found.slice(0, 3).join(', ')})`);
      return found.length;
    };

    const tokens = Math.ceil((estimateTokens(sample) * text.length) / Math.max(1, sample.length));
    const length = tokens < shortTokens ? -1 : tokens > longTokens ? 1 : 0;
    if (length !== 0) signs.push(length < 0 ? 'short' : 'long');
    const codes = count(code, 'code', 1);
    const reasons = count(reasoning, 'reasoning', 1);
    const terms = count(technical, 'technical', 2);
    const plain = count(simple, 'simple', 1);
    const steps = hasSteps(sample, spoken);
    if (steps) signs.push('steps');
    const questions = (sample.match(questionMarks)?.length ?? 0) > 3;
    if (questions) signs.push('questions');

    const sum =
      weights.tokenCount * length +
      weights.codePresence * (codes >= 2 ? 1 : codes / 2) +
      weights.reasoningMarkers * (reasons >= 2 ? 1 : 0.7 * reasons) +
      weights.technicalTerms * (terms >= 4 ? 1 : terms >= 2 ? 0.5 : 0) -
      weights.simpleIndicators * (plain > 0 ? 1 : 0) +
      weights.multiStepPatterns * (steps ? 0.5 : 0) +
      weights.questionComplexity * (questions ? 0.5 : 0);
    const score = Math.round(sum * 1e6) / 1e6;
    const reached = score < simpleMedium ? 'SIMPLE' : score < mediumComplex ? 'MEDIUM' : score < complexReasoning ? 'COMPLEX' : 'REASONING';
    return { tier: reasons >= 2 && score >= simpleMedium ? 'REASONING' : reached, score, signs };
  };
};

const firsts: ReadonlySet<string> = new Set(firstWords);
const thens: ReadonlySet<string> = new Set(thenWords);
const stepNames: ReadonlySet<string> = new Set(stepWords);
const digits = /^\d{1,3}$/;

/** "First ..., then ...", "step 2", or a list with numbers. */
const hasSteps = (text: string, words: readonly string[]): boolean => {
  let begun = false;
  for (let at = 0; at < words.length; at++) {
    const one = words[at]!;
    if (begun && thens.has(one)) return true;
    if (firsts.has(one)) begun = true;
    if (stepNames.has(one) && digits.test(words[at + 1] ?? '')) return true;
  }
  for (const [first, then] of unspacedSteps) {
    const start = text.search(first);
    if (start !== -1 && then.test(text.slice(start))) return true;
  }
  let items = 0;
  for (const _ of text.matchAll(listItem)) if (++items === 2) return true;
  return false;
};
