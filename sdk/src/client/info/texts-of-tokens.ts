import { encodingOf, loadTokenizer } from './tokenizer.ts';

/** Token ids -> the texts they stand for. Undefined: it cannot be told. */
export type TextsOfTokens = (model: string, lists: readonly (readonly number[])[]) => Promise<string[] | undefined>;

/** What clients of OpenAI's format cut texts by where they do not know a model's name (LangChain's `OpenAIEmbeddings`, read 2026-11-22). */
const usual = 'cl100k_base';

/**
 * In the vocabulary that the client cut its texts by: the one of the name that it calls the model. Undefined where the
 * package `gpt-tokenizer` is not installed, or an id is none of the vocabulary's.
 */
export const textsOfTokens: TextsOfTokens = async (model, lists) => {
  const tokenizer = await loadTokenizer(encodingOf(model) ?? usual);
  if (!tokenizer) return undefined;
  try {
    return lists.map((tokens) => tokenizer.decode(tokens));
  } catch {
    return undefined;
  }
};
