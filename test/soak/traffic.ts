import { clientRoutes, type ClientRoute } from '../kit/client-routes.ts';
import { seededRandom } from '../kit/chunks.ts';
import type { Models } from './providers.ts';

export interface Counts {
  calls: number;
  byStatus: Record<string, number>;
  left: number;
  /** What must not be: an answer that did not come, a 500. */
  wrong: string[];
}

export interface Traffic {
  readonly counts: Counts;
  /** No new calls; resolves when the last ones are over. */
  stop(): Promise<void>;
}

interface Situation {
  url: string;
  key: string;
  models: Models;
  random: () => number;
  counts: Counts;
}

const hangMs = 30_000;
const mostWrong = 20;

const pick = <T>(from: readonly T[], random: () => number): T => from[Math.floor(random() * from.length)] as T;

const send = ({ url, key }: Situation, path: string, body: string, more: { signal?: AbortSignal; key?: string } = {}): Promise<Response> =>
  fetch(url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${more.key ?? key}`, 'content-type': 'application/json' },
    body,
    signal: more.signal ?? AbortSignal.timeout(hangMs),
  });

/** What the gateway is asked to remember it does, for hours, in a place with a bound: that would look like a leak. */
const bodyOf = (client: ClientRoute, model: string, stream: boolean, prompt: string): string =>
  JSON.stringify({ ...client.body(model, stream, prompt), ...(client.format === 'openai-responses' && { store: false }) });

const ask = (at: Situation, client: ClientRoute, model: string, stream: boolean, prompt: string, signal?: AbortSignal): Promise<Response> =>
  send(at, client.path(model, stream), bodyOf(client, model, stream, prompt), signal && { signal });

const note = (at: Situation, { status }: Response, what: string, allowed: (status: number) => boolean): void => {
  at.counts.byStatus[status] = (at.counts.byStatus[status] ?? 0) + 1;
  if (!allowed(status) && at.counts.wrong.length < mostWrong) at.counts.wrong.push(`${what}: ${status}`);
};

type Visit = (at: Situation) => Promise<void>;

const good: Visit = async (at) => {
  const [client, model] = [pick(clientRoutes, at.random), pick(at.models.good, at.random)];
  const prompt = at.random() < 0.05 ? 'long '.repeat(40_000) : 'Hello';
  const response = await ask(at, client, model, at.random() < 0.5, prompt);
  await response.arrayBuffer();
  note(at, response, `${client.name} of ${model}`, (status) => status === 200);
};

const faulty: Visit = async (at) => {
  const [client, model] = [pick(clientRoutes, at.random), pick(at.models.faulty, at.random)];
  const response = await ask(at, client, model, at.random() < 0.5, 'Hello');
  await response.arrayBuffer();
  note(at, response, `${client.name} of ${model}`, () => true);
};

/** Leaves before the answer, or in its middle. */
const leaving: Visit = async (at) => {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), at.random() * 350);
  const pending = ask(at, pick(clientRoutes, at.random), pick(at.models.slow, at.random), at.random() < 0.7, 'Hello', controller.signal);
  await pending.then((response) => response.arrayBuffer()).catch(() => {});
  clearTimeout(timer);
  at.counts.left++;
};

const refused: Visit = async (at) => {
  const client = pick(clientRoutes, at.random);
  const model = pick(at.models.good, at.random);
  const body = bodyOf(client, model, false, 'Hello');
  const response = await pick(
    [
      () => send(at, client.path(model, false), body.slice(0, -3)),
      () => send(at, client.path('nobody', false), body.replace(model, 'nobody')),
      () => send(at, client.path(model, false), body, { key: 'sk-wrong' }),
      () => send(at, '/no/such/path', body),
    ],
    at.random,
  )();
  await response.arrayBuffer();
  note(at, response, `a refusal in ${client.name}`, (status) => status >= 400 && status < 500);
};

const beside: Visit = async (at) => {
  const [path, init] = pick(
    [
      ['/v1/models', {}],
      ['/metrics', {}],
      ['/health/readiness', {}],
    ] as const,
    at.random,
  );
  const response = await fetch(at.url + path, {
    ...init,
    headers: { authorization: `Bearer ${at.key}` },
    signal: AbortSignal.timeout(hangMs),
  });
  await response.arrayBuffer();
  note(at, response, path, (status) => status === 200);
};

/** How often each is done, of 100. */
const mix: readonly (readonly [number, Visit])[] = [
  [60, good],
  [18, faulty],
  [10, leaving],
  [8, refused],
  [4, beside],
];

/** So many clients at once, each with a pause between its calls. */
export const startTraffic = (place: Omit<Situation, 'random' | 'counts'>, clients: number, pauseMs: number): Traffic => {
  const counts: Counts = { calls: 0, byStatus: {}, left: 0, wrong: [] };
  let stopped = false;
  const client = async (number: number): Promise<void> => {
    const at: Situation = { ...place, random: seededRandom(number + 1), counts };
    while (!stopped) {
      let chosen = at.random() * 100;
      const [, visit] = mix.find(([share]) => (chosen -= share) < 0) ?? mix[0]!;
      try {
        await visit(at);
      } catch (cause) {
        if (counts.wrong.length < mostWrong) counts.wrong.push(`${visit.name}: ${String(cause)}`);
      }
      counts.calls++;
      await Bun.sleep(pauseMs * at.random() * 2);
    }
  };
  const all = Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  return {
    counts,
    async stop() {
      stopped = true;
      await all;
    },
  };
};
