import { nextPlainChatRequest, nextRequest, textsIn } from '../kit/echo.ts';
import { byProvider, chatRecordings } from '../kit/groups.ts';
import { countInOrder, opaqueBlocks } from '../kit/opaque-blocks.ts';
import { parseJson } from '../kit/read/events.ts';
import { readers } from '../kit/read/index.ts';
import type { Obj } from '../kit/read/reading.ts';
import { nameOf, readable, responseText } from '../kit/recordings.ts';
import { clientFormats, type ClientFormat } from '../kit/wire-formats.ts';
import { clientRequest } from '../kit/wire-requests.ts';
import { replaySuite } from './suite.ts';

const decoder = new TextDecoder();
const plainChat = 'openai-chat (known members only)';

// The turn after an answer: whatever the client's format, the provider gets its signatures and encrypted thoughts back
// byte-exact and in their order (FP-16, FP-17), and the blocks of the tools that it ran itself as they were and in their order, those of tool calls even from clients that drop every member they do not know.
replaySuite({
  use: 'turns',
  cases: (sluice) => {
    const signed = chatRecordings()
      .filter(({ recording }) => recording.status < 300)
      .map(({ recording, place }) => ({
        recording,
        place,
        said: readers[place.format][recording.stream ? 'stream' : 'whole'](responseText(recording)).choices[0],
        blocks: opaqueBlocks(place.format, responseText(recording), recording.stream),
      }))
      .filter(({ said, blocks }) => said !== undefined && (said.signatures.length > 0 || blocks.length > 0));

    const missing = async (
      recording: (typeof signed)[number]['recording'],
      format: ClientFormat,
      next: (request: Obj, answer: string) => Obj,
      wanted: string[],
      blocks: Obj[] = [],
    ) => {
      const { stream } = recording;
      const first = await sluice().call({ recording, client: format, stream, request: (model) => clientRequest(format, recording, model) });
      const answer = readable(first.answer.bytes);
      const second = await sluice().call({
        recording,
        client: format,
        stream,
        request: (model) => next(clientRequest(format, recording, model), answer),
      });
      if (!second.received) return [`refused: ${decoder.decode(second.answer.bytes).slice(0, 300)}`];
      const body = parseJson(second.received.text);
      const texts = textsIn(body);
      const lost = wanted.filter((signature) => !texts.has(signature));
      const places = [...texts];
      const found = [...new Set(wanted)].filter((signature) => texts.has(signature)).map((signature) => places.indexOf(signature));
      const back = countInOrder(body, blocks);
      return [
        ...(lost.length > 0 ? [`${lost.length} of ${wanted.length} signatures do not come back`] : []),
        ...(found.some((place, at) => place < found[at - 1]!) ? ['signatures come back in another order'] : []),
        ...(back < blocks.length ? [`${blocks.length - back} of ${blocks.length} blocks do not come back in their place`] : []),
      ];
    };

    return new Map(
      [...byProvider(signed)].map(([provider, list]) => [
        provider,
        list.flatMap(({ recording, place, said, blocks }) => {
          const name = nameOf(recording);
          const cases = clientFormats
            .filter((format) => format !== place.format)
            .map((format) => ({
              provider,
              format: format as string,
              name,
              check: () =>
                missing(
                  recording,
                  format,
                  (request, answer) => nextRequest(format, request, answer, recording.stream),
                  said!.signatures,
                  blocks,
                ),
            }));
          const ofCalls = said!.callSignatures;
          if (ofCalls.length > 0) {
            const check = () =>
              missing(recording, 'openai-chat', (request, answer) => nextPlainChatRequest(request, answer, recording.stream), ofCalls);
            cases.push({ provider, format: plainChat, name, check });
          }
          return cases;
        }),
      ]),
    );
  },
});
