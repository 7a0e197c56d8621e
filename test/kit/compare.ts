import { isDeepStrictEqual } from 'node:util';
import type { ChoiceReading, FinishClass, Obj, Reading, ToolCallReading, UsageReading } from './read/reading.ts';
import type { WireFormat } from './wire-formats.ts';

/** What a client's format has a place for. Where it has none, a difference is no fault of the translation. */
interface Places {
  choices: boolean;
  refusal: boolean;
  /** Tool calls and thoughts. */
  calls: boolean;
  /** Arguments that are no JSON, as text; the others can only carry an object. */
  brokenArguments: boolean;
  reasoningTokens: boolean;
  cachedTokens: boolean;
  citations: boolean;
  /** Finish classes that have no word there -> what may stand for them. */
  finish: Partial<Record<FinishClass, readonly FinishClass[]>>;
}

const places: Readonly<Record<WireFormat, Places>> = {
  'openai-chat': {
    choices: true,
    refusal: true,
    calls: true,
    brokenArguments: true,
    reasoningTokens: true,
    cachedTokens: true,
    citations: true,
    finish: { pause: ['stop', 'tool-calls'] },
  },
  'openai-completions': {
    choices: true,
    refusal: false,
    calls: false,
    brokenArguments: true,
    reasoningTokens: true,
    cachedTokens: true,
    citations: false,
    finish: { pause: ['stop'], 'tool-calls': ['stop'] },
  },
  'openai-responses': {
    choices: false,
    refusal: true,
    calls: true,
    brokenArguments: true,
    reasoningTokens: true,
    cachedTokens: true,
    citations: true,
    finish: { pause: ['stop', 'tool-calls', 'other'] },
  },
  'anthropic-messages': {
    choices: false,
    refusal: false,
    calls: true,
    brokenArguments: false,
    reasoningTokens: false,
    cachedTokens: true,
    citations: false,
    finish: {},
  },
  gemini: {
    choices: true,
    refusal: false,
    calls: true,
    brokenArguments: false,
    reasoningTokens: true,
    cachedTokens: true,
    citations: false,
    finish: { pause: ['stop', 'tool-calls'] },
  },
  'ollama-chat': {
    choices: false,
    refusal: false,
    calls: true,
    brokenArguments: false,
    reasoningTokens: false,
    cachedTokens: false,
    citations: false,
    finish: { pause: ['stop'], 'content-filter': ['stop'] },
  },
  'bedrock-converse': {
    choices: false,
    refusal: false,
    calls: true,
    brokenArguments: false,
    reasoningTokens: false,
    cachedTokens: true,
    citations: false,
    finish: { pause: ['stop', 'tool-calls'] },
  },
  'cohere-chat': {
    choices: false,
    refusal: false,
    calls: true,
    brokenArguments: true,
    reasoningTokens: true,
    cachedTokens: true,
    citations: false,
    finish: { pause: ['stop', 'tool-calls'], 'content-filter': ['error', 'stop'] },
  },
};

/** Formats disagree on where thoughts are joined, so only their words are compared. */
const words = (text: string): string => text.replaceAll(/\s+/g, '');

const show = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
};

/**
 * What is lost or changed between what a provider said and what the client of `format` was told.
 * @param untouched the answer is in the provider's own format: its breaches of the rules are its own
 * @returns one line a difference, each beginning with what differs; empty if nothing does
 */
export const differences = (said: Reading, told: Reading, format: WireFormat, untouched = false): string[] => {
  if (said.error) {
    if (!told.error) return ['error: it is not told'];
    return told.error.message.includes(said.error.message) ? [] : [`error: ${show(told.error.message)} for ${show(said.error.message)}`];
  }
  // Responses has no other word for an answer that came to nothing.
  const failed = format === 'openai-responses' && said.choices.some(({ finish }) => finish === 'error' || finish === 'other');
  if (told.error) return failed ? [] : [`error: ${told.error.message}`];
  // Arguments that the model tore itself are torn for the client as well.
  const torn = said.choices.some(isTorn);
  const faults = untouched ? [] : told.faults.filter((fault) => !torn || !/ is no object| are no JSON/.test(fault));
  const found = faults.map((fault) => `rule: ${fault}`);
  if (!told.ended && said.ended) found.push('end: the stream has no end mark');
  const choices = places[format].choices ? said.choices : said.choices.slice(0, 1);
  if (told.choices.length < choices.length) found.push(`choices: ${told.choices.length} for ${choices.length}`);
  choices.forEach((choice, index) => {
    const other = told.choices[index];
    if (other) found.push(...choiceDifferences(choice, other, format));
  });
  return [...found, ...usageDifferences(said.usage, told.usage, format)];
};

const choiceDifferences = (said: ChoiceReading, told: ChoiceReading, format: WireFormat): string[] => {
  const { refusal, calls, brokenArguments, citations, finish } = places[format];
  const found: string[] = [];
  const different = (what: string, got: unknown, wanted: unknown) => void found.push(`${what}: ${show(got)} for ${show(wanted)}`);

  if (refusal && said.refusal !== told.refusal) different('refusal', told.refusal, said.refusal);
  const allText = ({ text, refusal: refused, transcript }: ChoiceReading) => text + refused + transcript;
  if (allText(said) !== allText(told)) different('text', allText(told), allText(said));
  if (calls && words(said.thinking) !== words(told.thinking)) different('thinking', told.thinking, said.thinking);

  if (calls && !sameNames(said.toolCalls, told.toolCalls)) different('tool names', names(told), names(said));
  else if (calls) {
    said.toolCalls.forEach(({ arguments: wanted }, index) => {
      const got = told.toolCalls[index]?.arguments;
      if (typeof wanted === 'string' && !brokenArguments) return;
      if (!isDeepStrictEqual(got, wanted)) different('tool arguments', got, wanted);
    });
  }

  if (!finishAgrees(said, told.finish, finish)) different('finish', told.finish, said.finish);
  if (citations) {
    const missing = said.citations.filter((url) => !told.citations.includes(url));
    if (missing.length > 0) found.push(`citations: ${missing.length} of ${said.citations.length} missing`);
  }
  return found;
};

const isTorn = ({ toolCalls }: ChoiceReading): boolean => toolCalls.some(({ arguments: text }) => typeof text === 'string');

const names = (choice: ChoiceReading): string[] => choice.toolCalls.map(({ name }) => name);

/** Only Responses knows namespaces; elsewhere they are part of the name. */
const sameNames = (said: ToolCallReading[], told: ToolCallReading[]): boolean =>
  said.length === told.length && said.every(({ name, namespace }, index) => [name, `${namespace}__${name}`].includes(told[index]!.name));

const finishAgrees = (said: ChoiceReading, told: FinishClass, instead: Places['finish']): boolean => {
  const wanted = said.finish;
  if (told === wanted) return true;
  if (wanted === 'none' || wanted === 'other' || wanted === 'error') return told !== 'none';
  // A call that was cut off has no form in Gemini, which calls it malformed.
  if (told === 'other' && isTorn(said)) return true;
  // OpenAI stops with a refusal in a field of its own; Anthropic has a stop reason for it.
  if (said.refusal !== '' && told === 'content-filter') return true;
  return instead[wanted]?.includes(told) ?? false;
};

/** A count of zero and no count are the same. */
const usageDifferences = (said: UsageReading | undefined, told: UsageReading | undefined, format: WireFormat): string[] => {
  if (!said) return [];
  if (!told) return ['usage: it is not told'];
  const counts: (keyof UsageReading)[] = ['inputTotal', 'outputTotal'];
  if (places[format].cachedTokens) counts.push('cached');
  if (places[format].reasoningTokens || told.reasoning !== undefined) counts.push('reasoning');
  return counts.flatMap((count) =>
    (said[count] ?? 0) === (told[count] ?? 0) ? [] : [`usage.${count}: ${told[count] ?? 'nothing'} for ${said[count] ?? 'nothing'}`],
  );
};

/** The members that differ between two request bodies, as one line a member; the model's name is another for the gateway. */
export const bodyDifferences = (got: Obj, wanted: Obj): string[] =>
  [...new Set([...Object.keys(got), ...Object.keys(wanted)])]
    .filter((name) => name !== 'model' && !isDeepStrictEqual(got[name], wanted[name]))
    .map((name) => `request.${name}: ${JSON.stringify(got[name])?.slice(0, 120)} for ${JSON.stringify(wanted[name])?.slice(0, 120)}`);
