import { afterAll, describe, expect, test } from 'bun:test';
import { startReplayUpstream } from './replay-upstream.ts';

const upstream = startReplayUpstream();
afterAll(() => upstream.stop());

const body = new TextEncoder().encode('data: {"text":"grüße"}\n\n'.repeat(60));

describe('replay upstream', () => {
  test('answers status, headers and bytes, and tells what it was asked', async () => {
    upstream.serve('a', {
      status: 429,
      headers: { 'retry-after': '3', 'content-type': 'application/json', 'content-length': '999' },
      body,
    });
    const answer = await fetch(`${upstream.origin}/a/v1/chat/completions?x=1`, {
      method: 'POST',
      headers: { 'x-test': 'yes' },
      body: '{"a":1}',
    });
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('3');
    expect(Buffer.from(await answer.arrayBuffer()).equals(body)).toBe(true);
    const [received] = upstream.received('a');
    expect(received).toMatchObject({ method: 'POST', path: '/v1/chat/completions?x=1', text: '{"a":1}' });
    expect(received?.headers.get('x-test')).toBe('yes');
    expect(upstream.received('a')).toEqual([]);
  });

  test('a body in pieces arrives whole, and in more than one piece', async () => {
    upstream.serve('b', { status: 200, headers: { 'content-type': 'text/event-stream' }, body, pieces: { seed: 3 } });
    const answer = await fetch(`${upstream.origin}/b/`);
    const pieces: Uint8Array[] = [];
    for await (const piece of answer.body as unknown as AsyncIterable<Uint8Array>) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(1);
    expect(Buffer.concat(pieces).equals(body)).toBe(true);
  });

  test('an unknown route says so', async () => {
    expect((await fetch(`${upstream.origin}/nobody/x`)).status).toBe(599);
  });
});
