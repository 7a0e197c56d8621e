import { afterAll, describe, expect, test } from 'bun:test';
import { startReplayUpstream } from './replay-upstream.ts';
import { connect } from 'node:net';

const upstream = startReplayUpstream();
afterAll(() => upstream.stop());

const body = new TextEncoder().encode('data: {"text":"grüße"}\n\n'.repeat(60));

/** The chunks of an answer, as they were written. */
const chunksOf = async (origin: string, path: string): Promise<Buffer[]> => {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
  const received: Buffer[] = [];
  for await (const data of socket) received.push(data as Buffer);
  const all = Buffer.concat(received);
  const chunks: Buffer[] = [];
  for (let at = all.indexOf('\r\n\r\n') + 4; ;) {
    const end = all.indexOf('\r\n', at);
    const length = Number.parseInt(all.toString('latin1', at, end), 16);
    if (!(length > 0)) return chunks;
    chunks.push(all.subarray(end + 2, end + 2 + length));
    at = end + 2 + length + 2;
  }
};

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
    // On the wire: a client that is late reads several pieces as one.
    const pieces = await chunksOf(upstream.origin, '/b/');
    expect(pieces.length).toBeGreaterThan(1);
    expect(Buffer.concat(pieces).equals(body)).toBe(true);
  });

  test('an unknown route says so', async () => {
    expect((await fetch(`${upstream.origin}/nobody/x`)).status).toBe(599);
  });
});
