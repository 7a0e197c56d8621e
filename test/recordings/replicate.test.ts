import { describe, expect, test } from 'bun:test';
import { completion } from 'sluice';
import { cut } from '../kit/chunks.ts';
import { loadRecordings, recordingsMissing, requestBody, responseText } from '../kit/recordings.ts';

/*
 * A chat call at Replicate is several requests, so its recordings are replayed here: the prediction that was made, and
 * the stream that it named.
 */

const why = recordingsMissing();
if (why !== undefined) console.warn(`recordings, replicate: ${why}`);

describe.skipIf(why !== undefined)('recordings: replicate', () => {
  const all = loadRecordings().filter(({ provider }) => provider === 'replicate');
  const made = all.find(({ method, stream }) => method === 'POST' && stream)!;
  const streamed = all.find(({ url }) => url.includes('/v1/streams/'))!;

  test('a streamed prediction, from request to text', async () => {
    const seen: { url: string; method: string; body: unknown }[] = [];
    const fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
      const url = String(input);
      seen.push({ url, method: init.method ?? 'GET', body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined });
      const recording = [made, streamed].find((each) => each.url === url);
      if (!recording) return Response.json({ detail: 'Not found.' }, { status: 404 });
      const pieces = cut(recording.responseBytes, seen.length);
      const body = new ReadableStream({
        pull: (controller) => (pieces.length > 0 ? controller.enqueue(pieces.shift()!) : controller.close()),
      });
      return new Response(body, { status: recording.status, headers: recording.responseHeaders });
    };
    const asked = requestBody(made)!['input'] as { prompt: string };
    const stream = await completion({
      model: 'replicate/meta/llama-2-70b-chat',
      messages: [{ role: 'user', content: asked.prompt }],
      stream: true,
      apiKey: 'r8-replay',
      fetch: fetch as typeof globalThis.fetch,
    });
    let text = '';
    let finish: unknown;
    for await (const { choices } of stream) {
      text += choices[0]?.delta.content ?? '';
      finish = choices[0]?.finish_reason ?? finish;
    }
    // Read anew: each event of output, its lines joined.
    const said = responseText(streamed)
      .split(/\n\n(?=event: |:)/)
      .filter((event) => event.includes('event: output'))
      .map((event) =>
        event
          .split('\n')
          .filter((line) => line.startsWith('data: '))
          .map((line) => line.slice('data: '.length))
          .join('\n'),
      )
      .join('');
    expect(said.length).toBeGreaterThan(100);
    expect([text, finish]).toEqual([said, 'stop']);
    expect(seen[0]).toEqual({ url: made.url, method: 'POST', body: requestBody(made) });
    expect(seen[1]).toMatchObject({ url: streamed.url, method: 'GET' });
  });

  test('what is made without a stream says that it has begun, and by what id it is looked at', async () => {
    const begun = all.find(({ method, stream }) => method === 'POST' && !stream)!;
    const { id } = JSON.parse(responseText(begun)) as { id: string };
    const places: string[] = [];
    const fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
      places.push(`${init.method} ${String(input)}`);
      if (init.method === 'POST') return new Response(begun.responseBytes, { status: begun.status, headers: begun.responseHeaders });
      return Response.json({ id, status: 'succeeded', output: ['https://replicate.delivery/a.png'] });
    };
    const { version } = requestBody(begun)! as { version: string };
    const answer = await completion({
      model: `replicate/kvfrans/clipdraw:${version}`,
      messages: [{ role: 'user', content: 'robots' }],
      apiKey: 'r8-replay',
      fetch: fetch as typeof globalThis.fetch,
    });
    expect(answer.choices[0]?.message.content).toBe('https://replicate.delivery/a.png');
    expect(places).toEqual(['POST https://api.replicate.com/v1/predictions', `GET https://api.replicate.com/v1/predictions/${id}`]);
  });
});
