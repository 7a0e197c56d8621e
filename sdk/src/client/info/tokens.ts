import { isObject } from '../../lib/is-object.ts';
import { countText, encodingOf, loadTokenizer, type Tokenizer } from './tokenizer.ts';

/** What is counted: one of the two, with the tools that go along. */
export interface Countable {
  text?: string | readonly string[];
  /** In OpenAI's or Anthropic's format. */
  messages?: readonly unknown[];
  tools?: readonly unknown[];
  /** A system prompt beside the messages (Anthropic). */
  system?: unknown;
}

export interface LocalCount {
  tokens: number;
  /** The vocabulary that was counted in, or `estimate`. */
  tokenizer: string;
}

/** What OpenAI's chat format puts around each message and before the answer (https://developers.openai.com/cookbook/examples/how_to_count_tokens_with_tiktoken, read 2026-11-22). */
const perMessage = 3;
const perName = 1;
const perReply = 3;
/** A picture whose size is not looked at: `detail: low` of OpenAI's vision guide, else about an ordinary one. */
const lowImage = 85;
const image = 250;

interface Gathered {
  texts: string[];
  fixed: number;
}

const gather = (value: unknown, into: Gathered): void => {
  if (typeof value === 'string') into.texts.push(value);
  else if (Array.isArray(value)) for (const each of value) gather(each, into);
  else if (isObject(value)) gatherBlock(value, into);
};

const media: ReadonlySet<string> = new Set(['image_url', 'image', 'input_image', 'input_audio', 'document', 'file']);

const gatherBlock = (block: Readonly<Record<string, unknown>>, into: Gathered): void => {
  const { type } = block;
  if (typeof type === 'string' && media.has(type)) {
    const detail = isObject(block['image_url']) ? block['image_url']['detail'] : undefined;
    into.fixed += detail === 'low' ? lowImage : image;
    return;
  }
  if (isObject(block['input'])) into.texts.push(JSON.stringify(block['input']));
  for (const name of ['text', 'thinking', 'content', 'name', 'arguments', 'function'] as const) gather(block[name], into);
};

const gatherMessage = (message: unknown, into: Gathered): void => {
  if (!isObject(message)) return;
  into.fixed += perMessage;
  if (typeof message['name'] === 'string') into.fixed += perName;
  for (const name of ['role', 'name', 'content', 'tool_calls', 'refusal'] as const) gather(message[name], into);
};

/** Counts with the model's own vocabulary where that is known and installed, else estimates. In short turns. */
export const countLocally = async (model: string, { text, messages, tools, system }: Countable, own?: Tokenizer): Promise<LocalCount> => {
  const gathered: Gathered = { texts: [], fixed: 0 };
  gather(text, gathered);
  gather(system, gathered);
  if (messages) {
    for (const message of messages) gatherMessage(message, gathered);
    gathered.fixed += perReply;
  }
  if (tools?.length) gathered.texts.push(JSON.stringify(tools));
  const encoding = encodingOf(model);
  const tokenizer = own ?? (encoding && (await loadTokenizer(encoding)));
  let tokens = gathered.fixed;
  for (const each of gathered.texts) tokens += await countText(each, tokenizer);
  return { tokens, tokenizer: own ? 'given' : tokenizer && encoding ? encoding : 'estimate' };
};
