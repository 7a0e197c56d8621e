/** What a request says of one picture. */
export interface Picture {
  /** In OpenAI's words; undefined: the model chooses. */
  readonly quality?: string | undefined;
  /** `1024x1536`; undefined, or another word: the model chooses. */
  readonly size?: string | undefined;
  /** Pictures that are shown on the way. */
  readonly partials: number;
}

/**
 * Tokens that OpenAI's models before gpt-image-2 make of the largest picture of a quality. Source: OpenAI's guide of image
 * generation (developers.openai.com/api/docs/guides/image-generation, section "Cost and latency"), in a copy of mid-2026 that
 * was read on 2026-11-22: low 272 to 408, medium 1056 to 1584, high 4160 to 6240, and 100 for each partial image.
 */
const fixedTokens: ReadonlyMap<string, number> = new Map([
  ['low', 408],
  ['medium', 1584],
]);
const mostFixedTokens = 6240;
const tokensPerPartial = 100;
const mostPartials = 3;

/**
 * From gpt-image-2 on the size is free, and OpenAI has a calculator instead of a table. Its formula, as taken from it in
 * community.openai.com/t/1382699 (read 2026-11-22): factor × round(factor × short / long) × (2,000,000 + pixels) / 4,000,000.
 * It gives what was billed for 3840x2160 in high quality (13,342 tokens; github.com/Wei-Shaw/sub2api/issues/3222). Of
 * gpt-image-2.5, OpenAI publishes no factors; by others' tables none is higher than that of the same quality here, and `max`
 * is the `high` of gpt-image-2.
 */
const factors: ReadonlyMap<string, number> = new Map([
  ['low', 16],
  ['medium', 48],
]);
const mostFactor = 96;
/** Pixels of the largest picture; the square has the most tokens of them (the guide, "Size and quality options"). */
const mostPixels = 8_294_400;

/**
 * Others bill by their own tables, whatever quality is asked for: Gemini up to 2,000 tokens (4K, Google's page of Gemini 3 Pro
 * Image, read 2026-11-22) or 2,520 (4K, Gemini 3.1 Flash Image, by others' tables), and what the model thinks on the way.
 * A figure of ours that is above them.
 */
const leastOfOthers = 4096;

const ofOpenai = /gpt-image|chatgpt-image/i;

/** The most tokens that one picture may be billed as. @param model of the provider: who bills */
export const imageTokens = (model: string, { quality = '', size, partials }: Picture): number => {
  const most = Math.max(fixedTokens.get(quality) ?? mostFixedTokens, freeTokens(factors.get(quality) ?? mostFactor, size));
  const picture = most + tokensPerPartial * Math.min(mostPartials, partials);
  return ofOpenai.test(model) ? picture : Math.max(picture, leastOfOthers);
};

const freeTokens = (factor: number, size: string | undefined): number => {
  const [width, height] =
    /^(\d{1,5})x(\d{1,5})$/
      .exec(size ?? '')
      ?.slice(1)
      .map(Number) ?? [];
  const isSaid = width !== undefined && height !== undefined && width > 0 && height > 0;
  const [short, long] = isSaid ? [Math.min(width, height), Math.max(width, height)] : [1, 1];
  const pixels = isSaid ? Math.min(mostPixels, width * height) : mostPixels;
  return Math.ceil((factor * Math.round((factor * short) / long) * (2_000_000 + pixels)) / 4_000_000);
};
