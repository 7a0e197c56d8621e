/*
 * What an answer says, read from its bytes. The readers in this folder are a second, independent reading of each wire
 * format: they import nothing from the SDK, so that a mistake of its protocols cannot hide in the test as well.
 */

export type FinishClass = 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'pause' | 'error' | 'other' | 'none';

export interface ToolCallReading {
  name: string;
  /** OpenAI Responses: the group that the tool is in. */
  namespace?: string;
  /** Parsed; the text itself where it is not JSON. A custom tool's free text is `{ input }`. */
  arguments: unknown;
  id: string;
}

export interface ChoiceReading {
  text: string;
  refusal: string;
  thinking: string;
  toolCalls: ToolCallReading[];
  finish: FinishClass;
  /** URLs of the sources named, in order. */
  citations: string[];
  /** Signatures and encrypted thoughts, verbatim. */
  signatures: string[];
  /** Those of them that stand on a tool call (Gemini). */
  callSignatures: string[];
  /** Kinds of the blocks that only the format's own family understands. */
  opaque: string[];
  /** Spoken words. */
  transcript: string;
}

/** Tokens. Totals include everything: cached input, reasoning output. Absent: the answer does not say. */
export interface UsageReading {
  inputTotal?: number;
  outputTotal?: number;
  cached?: number;
  cacheWrite?: number;
  reasoning?: number;
}

export interface Reading {
  id: string;
  model: string;
  choices: ChoiceReading[];
  usage: UsageReading | undefined;
  /** An error inside the answer. */
  error: { message: string; type: string } | undefined;
  /** The format's own end was seen; always true of whole answers. */
  ended: boolean;
  /** Breaches of the rules that the format's client SDKs rely on. Providers commit them; the gateway must not. */
  faults: string[];
}

export interface Reader {
  whole(text: string): Reading;
  stream(text: string): Reading;
}

export const newChoice = (): ChoiceReading => ({
  text: '',
  refusal: '',
  thinking: '',
  toolCalls: [],
  finish: 'none',
  citations: [],
  signatures: [],
  callSignatures: [],
  opaque: [],
  transcript: '',
});

export const newReading = (): Reading => ({
  id: '',
  model: '',
  choices: [],
  usage: undefined,
  error: undefined,
  ended: false,
  faults: [],
});

/** No vendor gives more at once. */
const mostChoices = 1000;

/** The choice of that index, made if it is new; the ones before it too, so that there are no holes. */
export const choiceAt = (reading: Reading, wanted: number): ChoiceReading => {
  const index = Number.isInteger(wanted) && wanted >= 0 && wanted < mostChoices ? wanted : 0;
  if (index !== wanted) reading.faults.push(`a choice with the index ${wanted}`);
  while (reading.choices.length <= index) reading.choices.push(newChoice());
  return reading.choices[index] as ChoiceReading;
};

export type Obj = Record<string, unknown>;

export const obj = (value: unknown): Obj => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Obj) : {});
export const list = (value: unknown): Obj[] => (Array.isArray(value) ? value.map(obj) : []);
export const str = (value: unknown): string => (typeof value === 'string' ? value : '');
export const num = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
export const has = (value: unknown): boolean => value !== undefined && value !== null;

/** Arguments as an object; the text where it is no JSON. No text, or null (Groq), means no arguments. */
export const parseArguments = (text: string): unknown => {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return text;
  }
};

/** With calls in it, a plain stop is a stop for the calls: vendors disagree on the word, and Gemini has none. */
export const finishWith = (finish: FinishClass, calls: number): FinishClass =>
  finish === 'stop' && calls > 0 ? 'tool-calls' : finish === 'tool-calls' && calls === 0 ? 'stop' : finish;

/** Without the counts that are not there. */
export const usageOf = (usage: UsageReading): UsageReading =>
  Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== undefined)) as UsageReading;
