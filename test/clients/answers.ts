import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Client } from './clients/client.ts';
import { key, models, startGateway, type Gateway } from './gateway.ts';
import {
  calledInOrder,
  calling,
  callsBack,
  city,
  cologne,
  giving,
  greeting,
  resultsBack,
  thought,
  thoughtsBack,
  tools,
} from './scenarios.ts';
import { startUpstream, type Seen, type WireId } from './upstream/server.ts';
import { cost } from './upstream/wire.ts';

/** Ids of calls are kept by everybody, so Gemini's signatures travel in them too (FP-17). */
const comesBack = ({ keepsThoughts, wire: own }: Client, wire: WireId, stream: boolean): boolean => {
  if (wire === 'gemini') return true;
  // OpenAI's helper for streams spoils `reasoning_content`, in front of the vendor itself as well.
  if (wire === 'openai-chat') return own === wire && keepsThoughts && !stream;
  return keepsThoughts;
};

const noFaults = (seen: readonly Seen[]) => expect(seen.flatMap(({ asked }) => asked.faults)).toEqual([]);

/** What every client is given by every provider. @param clientsOf those in front of the gateway at this address */
export const testAnswers = (clientsOf: (base: string, key: string) => Client[]): void => {
  const upstream = startUpstream();
  let gateway: Gateway;
  beforeAll(async () => void (gateway = await startGateway(upstream.url)));
  afterAll(async () => {
    await gateway.stop();
    await upstream.stop();
  });

  const all = clientsOf('http://127.0.0.1:9', key);
  const clientNamed = (name: string) => clientsOf(gateway.url, key).find((client) => client.name === name)!;

  describe.each(all)('$name', ({ name, converse, miscounts, manglesResults }) => {
    describe.each(Object.entries(models))('in front of %s', (model, wire: WireId) => {
      // By id, the provider's own memory would have to answer here, and the fake one has none.
      const remembers = name === 'openai: responses, by id' && wire === 'openai-responses';

      describe.each([false, true])('stream: %p', (stream) => {
        test('text and usage', async () => {
          const scene = upstream.scene({ text: greeting });
          const pieces: string[] = [];
          const said = await clientNamed(name).ask({
            model,
            prompt: `Hello ${scene.mark}`,
            system: 'Be brief.',
            stream,
            onText: (text) => void pieces.push(text),
          });
          expect(said.text).toBe(greeting);
          if (!stream || miscounts === undefined) expect(said).toMatchObject({ input: cost.input, output: cost.output });
          if (stream) expect(pieces.join('')).toBe(greeting);
          const [seen] = scene.seen;
          expect(seen!.stream).toBe(stream);
          expect(seen!.asked).toMatchObject({ system: 'Be brief.', users: [`Hello ${scene.mark}`] });
          noFaults(scene.seen);
        });

        test.skipIf(!converse || remembers)('parallel tool calls, and a turn with their results (FP-18, FP-19)', async () => {
          const scene = upstream.scene(calling(wire, false), { text: greeting });
          const said = await clientNamed(name).converse!({ model, prompt: `Weather? ${scene.mark}`, system: 'Be brief.', stream }, tools);
          expect(said.text).toBe(greeting);
          expect(said.calls).toEqual(calledInOrder);
          expect(scene.seen).toHaveLength(2);
          const [first, second] = scene.seen;
          expect(first!.asked.tools).toEqual(['get_weather', 'get_time']);
          expect(second!.asked.system).toBe('Be brief.');
          expect(second!.asked.turns.map(({ calls }) => calls)).toEqual([callsBack(wire)]);
          expect(second!.asked.results).toEqual(resultsBack(wire, second!.asked.results, manglesResults === undefined));
          noFaults(scene.seen);
        });

        test.skipIf(!converse || remembers)('thinking comes back byte for byte (FP-16, FP-17)', async () => {
          const client = clientNamed(name);
          const scene = upstream.scene(calling(wire, true), { thinking: { text: thought, signature: 'sig' }, text: greeting });
          const said = await client.converse!({ model, prompt: `Weather? ${scene.mark}`, stream, think: true }, tools);
          expect(said.text).toBe(greeting);
          if (client.showsThinking) expect(said.thinking).toBe(thought);
          const [turn] = scene.seen[1]!.asked.turns;
          expect(turn!.calls).toEqual(callsBack(wire));
          if (comesBack(client, wire, stream)) expect(turn!.thoughts).toEqual(thoughtsBack[wire]);
          noFaults(scene.seen);
        });

        test('structured output', async () => {
          const scene = upstream.scene(giving(cologne));
          expect(await clientNamed(name).structured({ model, prompt: `A city ${scene.mark}`, stream }, city)).toEqual(cologne);
          const [{ asked, body }] = scene.seen as [Seen];
          // Natively, or by a tool that must be called: never just hoped for.
          if (asked.forced === undefined)
            expect(asked.schema).toMatchObject({ properties: { people: { type: expect.stringMatching(/^number$/i) } } });
          else expect(JSON.stringify(body['tools'] ?? body['toolConfig'])).toContain('"people"');
          noFaults(scene.seen);
        });
      });
    });
  });
};
