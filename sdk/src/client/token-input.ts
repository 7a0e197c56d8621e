import type { EmbeddingProtocol, JsonObject, Target, UpstreamEmbeddingProtocol } from '../types/index.ts';
import type { TextsOfTokens } from './info/texts-of-tokens.ts';

type Tokens = readonly number[];

const isTokens = (value: unknown): value is Tokens => Array.isArray(value) && value.length > 0 && value.every(Number.isInteger);

/**
 * Whether ids mean at a vendor what they mean to the client: where the format has them and the vendor reads them. Others
 * of OpenAI's format take them too, for words of their own model's vocabulary, and answer with vectors of nothing.
 */
const takesTokens = (protocol: UpstreamEmbeddingProtocol, { provider }: Target): boolean =>
  protocol.takesTokens === true && provider.quirks?.tokenIds === true;

/**
 * A request's token ids as texts, where its vendor takes texts alone: clients that cut texts by OpenAI's vocabulary
 * (LangChain) send ids whatever model they ask for. Undefined: it goes on as it is.
 */
export const withTexts = async (
  { format, body, target, textsOf }: { format: EmbeddingProtocol; body: JsonObject; target: Target; textsOf: TextsOfTokens },
  protocol: UpstreamEmbeddingProtocol,
): Promise<JsonObject | undefined> => {
  const { input, model } = body;
  if (format.takesTokens !== true || !Array.isArray(input) || takesTokens(protocol, target)) return undefined;
  const inputs: readonly unknown[] = isTokens(input) ? [input] : input;
  const lists = inputs.filter(isTokens);
  if (lists.length === 0) return undefined;
  const texts = await textsOf(typeof model === 'string' ? model : target.model, lists);
  if (!texts) return undefined;
  const rest = texts.values();
  return { ...body, input: inputs.map((each) => (isTokens(each) ? rest.next().value! : each)) };
};
