import { chatBody, embeddingBody, key } from '../load/request.ts';
import { vendors, type VendorName } from '../load/vendors.ts';
import { atMost } from '../report.ts';
import { cpuSeconds } from '../rig/proc.ts';
import type { Rig } from '../rig/rig.ts';
import type { Server } from '../rig/servers.ts';
import { median } from '../rig/wait.ts';
import type { Lane } from './lane.ts';

interface Side {
  server: Server;
  path: string;
  body: string;
}

interface CpuLane {
  name: string;
  title: string;
  bound: number;
  /** What is counted: whole calls, or events of streams (the call's own share included). */
  per: 'requests' | 'events';
  connections: number;
  /** Which model the gateway is asked for, and the vendor behind it. */
  model: VendorName;
  /** What the gateway is asked; absent: for a chat, in OpenAI's format. */
  ask?: Pick<Side, 'path' | 'body'>;
  /** What the right answer holds; absent: that of a chat. */
  holds?: string;
}

/** The engine compiles in tiers, the last after some ten thousand calls: a server that has run for a minute is what is measured. */
const warmUp = { calls: 60_000, longestSeconds: 15 };

/**
 * CPU of the gateway against CPU of nginx for the same answers, in turns, so that a neighbour's noise meets both.
 * The ratio is taken within each round; the median of the rounds is the value.
 */
const cpuLane = ({ name, title, bound, per, connections, model, ask, holds }: CpuLane): Lane => ({
  name,
  rows: [{ lane: title, unit: 'x nginx', bound }],
  async run(rig) {
    const { upstream, nginx, gateway } = await rig.standing();
    const stream = per === 'events';
    // nginx moves what the upstream sends to the gateway: the vendor's own answers where the gateway translates.
    const vendor = vendors[model];
    const plain: Side = { server: nginx, path: vendor.path(stream), body: vendor.body(stream) };
    const ours: Side = { server: gateway, ...(ask ?? { path: '/v1/chat/completions', body: chatBody(model, stream) }) };
    await check(ours, stream, holds);

    const slice = async ({ server, path, body }: Side, seconds: number): Promise<number> => {
      const [counted, cpu] = [(await upstream.counters())[per], cpuSeconds(server.child.pid)];
      await rig.load({ port: server.port, path, body, connections, seconds });
      return ((cpuSeconds(server.child.pid) - cpu) / ((await upstream.counters())[per] - counted)) * 1e6;
    };
    const begun = { calls: (await upstream.counters()).requests, at: performance.now() };
    const isWarm = async (): Promise<boolean> =>
      (await upstream.counters()).requests - begun.calls >= warmUp.calls || performance.now() - begun.at >= longestWarmUp(rig) * 1000;
    do await slice(ours, rig.options.seconds);
    while (!(await isWarm()));
    const rounds: { ours: number; plain: number }[] = [];
    for (let round = 0; round < rig.options.rounds; round++) {
      const first = await slice(round % 2 === 0 ? plain : ours, rig.options.seconds);
      const second = await slice(round % 2 === 0 ? ours : plain, rig.options.seconds);
      rounds.push(round % 2 === 0 ? { plain: first, ours: second } : { ours: first, plain: second });
    }
    const ratio = median(rounds.map((round) => round.ours / round.plain));
    const [us, them] = [median(rounds.map((round) => round.ours)), median(rounds.map((round) => round.plain))];
    return [atMost(title, ratio, 'x nginx', bound, `${us.toFixed(1)} µs of CPU against ${them.toFixed(1)} µs`)];
  },
});

const longestWarmUp = ({ options }: Rig): number => Math.min(warmUp.longestSeconds, options.rounds * options.seconds);

/** One call before the measurement: a fast wrong answer is not to be measured. */
const check = async ({ server, path, body }: Side, stream: boolean, holds: string | undefined): Promise<void> => {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body,
  });
  const text = await answer.text();
  const right = holds
    ? text.includes(holds)
    : stream
      ? text.includes('"chat.completion.chunk"') && text.includes(' every') && text.trimEnd().endsWith('data: [DONE]')
      : text.includes('"chat.completion"') && text.includes('the gate is open') && text.includes('"completion_tokens":40');
  if (answer.status !== 200 || !right) throw new Error(`the answer is not the one expected: ${answer.status} ${text.slice(0, 500)}`);
};

const chat = { per: 'requests', connections: 32 } as const;
const event = { per: 'events', connections: 64 } as const;
const translated = { chat: 5.5, event: 3 } as const;

export const cpuLanes: readonly Lane[] = [
  cpuLane({ name: 'chat', title: 'small chat, same format', bound: 4, ...chat, model: 'same' }),
  cpuLane({ name: 'chat-translated', title: 'small chat, translated', bound: translated.chat, ...chat, model: 'anthropic' }),
  cpuLane({ name: 'chat-gemini', title: 'small chat, from Gemini', bound: translated.chat, ...chat, model: 'gemini' }),
  cpuLane({ name: 'chat-bedrock', title: 'small chat, from Bedrock', bound: translated.chat, ...chat, model: 'bedrock' }),
  cpuLane({
    name: 'embeddings',
    title: 'embedding, same format',
    bound: 4,
    ...chat,
    model: 'embedding',
    ask: { path: '/v1/embeddings', body: embeddingBody('embedding') },
    holds: '"object":"embedding"',
  }),
  cpuLane({
    name: 'pass-through',
    title: 'small chat, pass-through',
    bound: 4,
    ...chat,
    model: 'same',
    ask: { path: '/openai_passthrough/v1/chat/completions', body: chatBody('same') },
    holds: '"completion_tokens":40',
  }),
  cpuLane({ name: 'event', title: 'SSE event, same format', bound: 2, ...event, model: 'same' }),
  cpuLane({ name: 'event-translated', title: 'SSE event, translated', bound: translated.event, ...event, model: 'anthropic' }),
  cpuLane({ name: 'event-gemini', title: 'event, from Gemini', bound: translated.event, ...event, model: 'gemini' }),
  cpuLane({ name: 'event-bedrock', title: 'event, from Bedrock', bound: translated.event, ...event, model: 'bedrock' }),
];

/** How much more the upstream and the load generator can do than they are asked for, as a sentence for the report. */
export const headroom = async (rig: Rig): Promise<string> => {
  const { upstream, nginx, gateway } = await rig.standing();
  const rate = async ({ port }: Server, model: string): Promise<number> => {
    const job = { port, path: '/v1/chat/completions', body: chatBody(model), connections: 32, seconds: 1 };
    return (await rig.load(job)).requestsPerSecond;
  };
  await rate(gateway, 'same');
  const [alone, plain, ours] = [await rate(upstream, 'gpt-bench'), await rate(nginx, 'gpt-bench'), await rate(gateway, 'same')];
  return `Requests/s: ${alone.toFixed(0)} the mock upstream alone, ${plain.toFixed(0)} through nginx, ${ours.toFixed(0)} through the gateway, each on one core.`;
};
