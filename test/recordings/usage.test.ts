import { expect, test } from 'bun:test';
import { costOf, loadCatalog, protocolOf, totalInputTokens, totalOutputTokens, type ProtocolId, type Usage } from 'sluice/kit';
import { byProvider, chatRecordings } from '../kit/groups.ts';
import { parseJson, readEvents } from '../kit/read/events.ts';
import { readers } from '../kit/read/index.ts';
import type { UsageReading } from '../kit/read/reading.ts';
import { nameOf, recordingsMissing, responseText } from '../kit/recordings.ts';

/*
 * What a call is priced by: disjoint counts, whose sum is what the provider itself says was used. The total is read twice:
 * by the readers of test/kit, which know nothing of our protocols, and as the provider's own total where it gives one.
 */

const lines = (text: string): { data: string }[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((data) => ({ data }));

const usageOf = (format: ProtocolId, text: string, stream: boolean): Usage | undefined => {
  const { response, stream: streams } = protocolOf(format);
  if (!stream) return response.usage(parseJson(text) as Record<string, unknown>);
  const tap = streams.tap();
  const events = format.startsWith('ollama')
    ? lines(text)
    : readEvents(text).map(({ event, data }) => (event === '' ? { data } : { event, data }));
  for (const event of events) tap.push(event);
  return tap.usage;
};

const totalNames = ['total_tokens', 'totalTokenCount', 'totalTokens'];

/** Its own total, where its object has one that holds all that it counts. */
const ownTotal = (raw: unknown): number | undefined => {
  const object = (raw ?? {}) as Record<string, unknown>;
  const found = totalNames.map((name) => object[name]).find((value) => typeof value === 'number');
  return found as number | undefined;
};

/** Providers whose own totals leave out what they count elsewhere, or count twice. */
const oddTotals: Readonly<Record<string, string>> = {
  perplexity: 'deep research: thoughts are in no total',
};

const wrong = (usage: Usage, said: UsageReading, provider: string): string | undefined => {
  const input = totalInputTokens(usage);
  const output = totalOutputTokens(usage);
  if (said.inputTotal !== undefined && input !== said.inputTotal) return `input ${input}, said ${said.inputTotal}`;
  if (said.outputTotal !== undefined && output !== said.outputTotal) return `output ${output}, said ${said.outputTotal}`;
  const total = ownTotal(usage.raw);
  if (total === undefined || total === 0 || provider in oddTotals || input + output === total) return undefined;
  return `sum ${input + output}, total ${total}`;
};

const missing = recordingsMissing();
if (missing !== undefined) console.warn(`recordings, usage: ${missing}`);

test.skipIf(missing !== undefined)('the counts of every recorded answer add up to what the provider says', () => {
  let proved = 0;
  let withTotal = 0;
  const failures: string[] = [];
  for (const [provider, list] of byProvider(chatRecordings()))
    for (const { recording, place } of list) {
      if (recording.status >= 300 || place.format === 'bedrock-text' || place.format === 'sagemaker-text') continue;
      const text = responseText(recording);
      const said = readers[place.format][recording.stream ? 'stream' : 'whole'](text).usage;
      if (!said || (said.inputTotal === undefined && said.outputTotal === undefined)) continue;
      const usage = usageOf(place.format, text, recording.stream);
      const problem = usage ? wrong(usage, said, provider) : 'not read';
      if (problem !== undefined)
        failures.push(`${nameOf(recording)} (${provider}): ${problem} ${String(JSON.stringify(usage?.raw)).slice(0, 300)}`);
      proved += 1;
      if (usage && ownTotal(usage.raw)) withTotal += 1;
    }
  console.log(`usage: ${proved} recorded answers add up, ${withTotal} of them to the provider's own total`);
  expect(failures).toEqual([]);
  expect(proved).toBeGreaterThan(1000);
});

/** Recordings are of some day in spring; prices of later days are not theirs. */
const recordedAt = Date.parse('2026-05-01');

test.skipIf(missing !== undefined)('what we say a call cost is what the provider says, where it does', async () => {
  const book = await loadCatalog();
  const said: Record<string, { agree: number; all: number }> = {};
  const priced: Record<string, { known: number; all: number }> = {};
  for (const [provider, list] of byProvider(chatRecordings()))
    for (const { recording, place } of list) {
      if (recording.status >= 300 || place.format === 'bedrock-text' || place.format === 'sagemaker-text') continue;
      const text = responseText(recording);
      if (!readers[place.format][recording.stream ? 'stream' : 'whole'](text).usage) continue;
      const { providerCostUsd, ...usage } = usageOf(place.format, text, recording.stream) ?? { inputTokens: 0, outputTokens: 0 };
      // Without the provider's figure: ours alone.
      const cost = costOf(usage, book.price(provider, recording.model), { at: recordedAt });
      const known = (priced[provider] ??= { known: 0, all: 0 });
      known.all += 1;
      if (cost.known) known.known += 1;
      if (!cost.known || providerCostUsd === undefined) continue;
      const agreed = (said[provider] ??= { agree: 0, all: 0 });
      agreed.all += 1;
      if (Math.abs(cost.nanoDollars / 1e9 / providerCostUsd - 1) < 0.01) agreed.agree += 1;
    }
  console.log(`cost: ${JSON.stringify(said)} as the providers say; priced: ${JSON.stringify(priced)}`);
  // All that Perplexity billed, its fee for a request too; OpenRouter's prices have moved since for some.
  expect(said['perplexity']!.agree).toBe(said['perplexity']!.all);
  expect(said['openrouter']!.agree / said['openrouter']!.all).toBeGreaterThan(0.9);
  for (const vendor of ['anthropic', 'openai', 'gemini', 'mistral', 'deepseek'])
    expect(priced[vendor]!.known / priced[vendor]!.all).toBeGreaterThan(0.97);
});
