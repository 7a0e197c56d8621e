import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { isDeepStrictEqual } from 'node:util';
import { bodyDifferences } from '../kit/compare.ts';
import { otherCalls, pathsOf, startOtherCalls, type OtherCall, type OtherOutcome } from '../kit/other-calls.ts';
import { parseJson } from '../kit/read/events.ts';
import { obj } from '../kit/read/reading.ts';
import { nameOf, recordingsMissing } from '../kit/recordings.ts';
import { Tally } from '../kit/tally.ts';
import { knownMisses } from './known-misses.ts';

/*
 * Everything that is neither chat nor embeddings, in the provider's own format: what reaches the provider is what the client
 * sent, and what reaches the client is what the provider answered, byte by byte.
 */

const differences = (call: OtherCall, { status, bytes, received }: OtherOutcome): string[] => {
  const { recording, path } = call;
  if (!received) return [`nothing reached the upstream: ${status} ${new TextDecoder().decode(bytes).slice(0, 200)}`];
  const found: string[] = [];
  if (received.method !== recording.method) found.push(`method: ${received.method}`);
  if (!sameParameters(received.path, path)) found.push(`path: ${received.path} for ${path}`);
  const type = recording.requestHeaders['content-type'] ?? '';
  if (type.includes('json')) found.push(...bodyDifferences(obj(parseJson(received.text)), obj(parseJson(recording.requestText))));
  else if (received.text !== recording.requestText)
    found.push(`body: ${received.text.length} characters for ${recording.requestText.length}`);
  if (status !== recording.status) found.push(`status: ${status} for ${recording.status}`);
  if (!sameAnswer(call, bytes)) found.push(`answer: ${bytes.length} bytes for ${recording.responseBytes.length}`);
  return found;
};

/** Failures and counts of tokens are written anew, with the same members. */
const sameAnswer = ({ recording: { status, responseBytes }, path }: OtherCall, bytes: Uint8Array): boolean => {
  if (status < 400 && !path.endsWith('/input_tokens')) return Buffer.from(bytes).equals(responseBytes);
  const [told, said] = [bytes, responseBytes].map((each) => parseJson(new TextDecoder().decode(each)));
  return isDeepStrictEqual(told, said);
};

/** The same path behind the upstream's own, and the same parameters in any order. */
const sameParameters = (received: string, sent: string): boolean => {
  const [path = '', query = ''] = received.split('?');
  const [expected = '', parameters = ''] = sent.split('?');
  const sorted = (text: string): string =>
    [...new URLSearchParams(text)]
      .map(([name, value]) => `${name}=${value}`)
      .sort()
      .join('&');
  return decodeURIComponent(path) === decodeURIComponent(expected) && sorted(query) === sorted(parameters);
};

const why = recordingsMissing();
if (why !== undefined) console.warn(`recordings, other calls: ${why}`);

describe.skipIf(why !== undefined)(`recordings: other calls${why === undefined ? '' : ` (${why})`}`, () => {
  const tally = new Tally('other-calls', knownMisses);
  let gateway: Awaited<ReturnType<typeof startOtherCalls>>;
  beforeAll(async () => {
    gateway = await startOtherCalls();
  });
  afterAll(async () => {
    await gateway.stop();
    tally.write();
    console.log(`\n${tally.table()}\n`);
  });

  const groups = Map.groupBy(why === undefined ? otherCalls() : [], ({ provider }) => provider);
  test.each([...groups])('%s', async (provider, calls) => {
    const cases = calls.flatMap((call) =>
      pathsOf(call).map((path) => ({
        provider,
        format: path === call.path ? 'served' : 'relayed',
        name: nameOf(call.recording),
        check: async () => differences(call, await gateway.call(call, path)),
      })),
    );
    // One after the other: the upstream plays one recording a provider at a time.
    const misses: string[] = [];
    for (const each of cases) misses.push(...(await tally.run([each])));
    expect(misses).toEqual([]);
  });
});
