import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { models, startGateway, type Gateway } from '../gateway.ts';
import { thinkingOf, thoughtsBack } from '../scenarios.ts';
import { startUpstream, type Seen, type WireId } from '../upstream/server.ts';
import type { Call, Turn } from '../upstream/wire.ts';
import type { Agent } from './agent.ts';
import { agents } from './agents.ts';
import { isThere, makeDesk, runAgent } from './run-agent.ts';

/* Each agent does a task of three turns in front of each vendor's format: reads a file, writes another, says so. */

/** They take two to six seconds on a machine that does nothing else. */
const limitMs = 60_000;
const upstream = startUpstream();
let gateway: Gateway;
beforeAll(async () => void (gateway = await startGateway(upstream.url)));
afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const word = 'Grüße’"\'$PATH';
const closing = 'The word is in answer.txt – done 👋.';

/** The calls of the task, as the model makes them and as they must come back. */
const callsOf = (agent: Agent, wire: WireId, notes: string, answer: string): [Call, Call] => {
  const signed = wire === 'gemini' && { signature: thoughtsBack.gemini[0]! };
  return [
    { id: 'call_R1', ...agent.read(notes), ...signed },
    { id: 'call_W2', ...agent.write(answer, word), ...signed },
  ];
};

/** What the model says next, by how far it is. What is asked for beside the task (a title) has no tools. */
const player =
  (wire: WireId, calls: readonly Call[]) =>
  ({ asked: { tools, results } }: Seen): Turn => {
    if (tools.length === 0) return { text: 'A title' };
    const call = calls[results.length];
    if (!call) return { text: closing };
    if (results.length > 0 && !results[0]!.text.includes('is in here')) return { text: 'The file could not be read.' };
    return { ...(wire !== 'gemini' && { thinking: thinkingOf(wire) }), calls: [call] };
  };

describe.each(agents)('$name', (agent) => {
  test.skipIf(!isThere(agent)).each(Object.entries(models) as [string, WireId][])(
    'does a task of three turns in front of %s',
    async (model, wire) => {
      const desk = makeDesk([agent]);
      try {
        const notes = desk.write('notes.txt', `The word ${word} is in here.\n`);
        const calls = callsOf(agent, wire, notes, notes.replace('notes.txt', 'answer.txt'));
        const scene = upstream.scene(player(wire, calls));
        const prompt = `Read notes.txt, and write its word to answer.txt (${scene.mark}).`;
        const { code, output, problems } = await runAgent(agent, { url: gateway.url, model, prompt, desk, limitMs });

        const turns = scene.seen.filter(({ asked }) => asked.tools.length > 0);
        expect({ code, turns: turns.length }, `${problems}\n${JSON.stringify(turns.at(-1)?.asked, null, 1)}`).toEqual({
          code: 0,
          turns: 3,
        });
        expect(output).toContain(closing);
        expect(desk.read('answer.txt')).toBe(word);
        expect(turns.every(({ stream }) => stream)).toBe(true);
        expect(scene.seen.flatMap(({ asked }) => asked.faults)).toEqual([]);

        const last = turns[2]!.asked;
        const back = wire === 'gemini' ? calls.map((call) => ({ ...call, id: '' })) : calls;
        expect(last.turns.flatMap((turn) => turn.calls)).toEqual(back);
        expect(last.results.map(({ id, name }) => id ?? name)).toEqual(calls.map(({ id, name }) => (wire === 'gemini' ? name : id)));
        const [once = ''] = thoughtsBack[wire];
        if (agent.keepsThoughts(wire)) expect(last.turns.flatMap(({ thoughts }) => thoughts)).toEqual([once, once]);
      } finally {
        desk.clear();
      }
    },
    limitMs + 5000,
  );
});
