import * as z from 'zod';
import type { Tool } from './clients/client.ts';
import type { Seen, WireId } from './upstream/server.ts';
import type { Call, Json, ResultBack, Turn } from './upstream/wire.ts';

/** Letters of more than one byte, a pair of code units, quotes and a line break: what cuts and escapes break. */
export const greeting = 'Grüße 👋 aus "Köln"\nund Ωmega.';

export const city = z.object({ name: z.string(), people: z.number(), tags: z.array(z.string()) });
export const cologne = { name: 'Köln', people: 1_087_353, tags: ['Dom', 'Rhein'] };

export const tools: Tool[] = [
  {
    name: 'get_weather',
    description: 'The weather in a city.',
    parameters: z.object({ city: z.string() }),
    run: ({ city: name }) => `It is sunny in ${String(name)}.`,
  },
  {
    name: 'get_time',
    description: 'The time in a zone.',
    parameters: z.object({ zone: z.string() }),
    run: ({ zone }) => `It is noon in ${String(zone)}.`,
  },
];

/** Two calls of one tool among them: where calls have no ids (Gemini), the order must hold. */
const calls: Call[] = [
  { id: 'call_A1', name: 'get_weather', args: { city: 'Köln' } },
  { id: 'call_B2', name: 'get_time', args: { zone: 'CET' } },
  { id: 'call_C3', name: 'get_weather', args: { city: 'Oslo "north"' } },
];
export const calledInOrder = calls.map(({ name, args }) => ({ name, args }));
export const resultTexts = ['It is sunny in Köln.', 'It is noon in CET.', 'It is sunny in Oslo "north".'];

/** As long and as odd as vendors' are: base64 with its signs, and OpenAI's with others. */
const signature = `EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds${'a+/9'.repeat(60)}==`;
const callSignature = `Ct8BAdHtim${'Zx/+7'.repeat(40)}A=`;
const encrypted = `gAAAAABpIPk${'x_-7'.repeat(60)}==`;

export const thought = 'The user wants the weather – twice.\nAnd the time.';

/** A thought as the vendor proves it. */
export const thinkingOf = (wire: WireId): NonNullable<Turn['thinking']> => ({
  text: thought,
  signature: wire === 'openai-responses' ? encrypted : signature,
});

/** A model that was asked for this shape: natively, or by a tool that it must call. */
export const giving =
  (value: Json) =>
  ({ asked: { forced } }: Seen): Turn =>
    forced === undefined ? { text: JSON.stringify(value) } : { calls: [{ id: 'call_A1', name: forced, args: value }] };

/** What else it may have thought, which nobody may read. */
const redacted: Readonly<Partial<Record<WireId, string>>> = {
  'anthropic-messages': `redacted${signature}`,
  'bedrock-converse': Buffer.from(`redacted ${signature}`).toString('base64'),
};

/** The model's first turn: it calls. */
export const calling = (wire: WireId, thinks: boolean): Turn => ({
  ...(thinks && { thinking: thinkingOf(wire) }),
  ...(thinks && redacted[wire] !== undefined && { redacted: redacted[wire] }),
  // Gemini 3 signs the first call of a turn, whether or not its thoughts are asked for.
  calls: wire === 'gemini' ? calls.map((call, at) => (at === 0 ? { ...call, signature: callSignature } : call)) : calls,
});

/** The calls as the provider must get them back. */
export const callsBack = (wire: WireId): Call[] =>
  wire === 'gemini' ? calledInOrder.map((call, at) => ({ id: '', ...call, ...(at === 0 && { signature: callSignature }) })) : calls;

/** Results as the provider must get them: each by the id, or, without ids, the name and the order. */
export const resultsBack = (wire: WireId, results: readonly ResultBack[], verbatim: boolean): ResultBack[] =>
  calls.map(({ id, name }, at) => {
    const text = resultTexts[at]!;
    const found = results[at];
    // What a client puts around the text is its own business (Vercel's for Gemini: an object).
    const wanted = verbatim ? JSON.stringify(text).slice(1, -1) : text.slice(0, 20);
    const inside = found?.text.includes(wanted) === true;
    return { ...(wire === 'gemini' ? { name } : { id }), text: inside ? found.text : text };
  });

/** The thoughts as the provider must get them back, verbatim. */
export const thoughtsBack: Readonly<Record<WireId, string[]>> = {
  // Only a client of the same format gives them back: vendors differ in whether they want them.
  'openai-chat': [thought],
  'openai-responses': [`rs_fake|${thought}|${encrypted}`],
  'anthropic-messages': [`${thought}|${signature}`, redacted['anthropic-messages']!],
  gemini: [callSignature],
  'bedrock-converse': [`${thought}|${signature}`, redacted['bedrock-converse']!],
};
