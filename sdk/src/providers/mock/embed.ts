import { estimateTokens } from '../../lib/estimate-tokens.ts';
import type { EmbeddingRequest, EmbeddingResult } from '../../types/index.ts';
import { hash } from './answer.ts';
import type { Script } from './script.ts';

/** As OpenAI's small model, which most stores are set up for. */
const defaultDimensions = 1536;
const maxDimensions = 16_384;

/** Unit vectors that follow the text: the same text gives the same vector, another text another one. */
export const embed = ({ model, input, dimensions }: EmbeddingRequest, { embedding }: Pick<Script, 'embedding'>): EmbeddingResult => {
  const length = Math.max(1, Math.min(dimensions ?? defaultDimensions, maxDimensions));
  const texts = input.map((each) => (typeof each === 'string' ? each : Array.isArray(each) ? each.join(' ') : JSON.stringify(each)));
  return {
    model,
    embeddings: texts.map((each) => (embedding ? [...embedding] : vector(each, length))),
    usage: { inputTokens: texts.reduce((sum, each) => sum + estimateTokens(each), 0), outputTokens: 0 },
  };
};

const vector = (value: string, length: number): number[] => {
  let state = Number.parseInt(hash(value), 16) || 1;
  const numbers = Array.from({ length }, () => {
    // xorshift32
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0xffffffff - 0.5;
  });
  const norm = Math.hypot(...numbers) || 1;
  return numbers.map((each) => Number((each / norm).toFixed(8)));
};
