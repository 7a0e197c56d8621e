import { bodyDifferences } from '../kit/compare.ts';
import { byProvider, chatRecordings } from '../kit/groups.ts';
import { parseJson } from '../kit/read/events.ts';
import { obj } from '../kit/read/reading.ts';
import { nameOf, requestBody, responseText } from '../kit/recordings.ts';
import { clientFormats, modelInPath, type VendorFormat, type WireFormat } from '../kit/wire-formats.ts';
import { replaySuite } from './suite.ts';

const inbound = new Set<WireFormat | VendorFormat>([...clientFormats, 'openai-completions', 'bedrock-text']);

// Use 2: in the provider's own format, the request reaches it JSON-equal but for the model, and its answer the client byte-equal.
replaySuite({
  use: 'same-format',
  gatewayOnly: true,
  cases: (sluice) => {
    const native = chatRecordings().filter(
      ({ recording, place }) =>
        recording.status < 300 && inbound.has(place.format) && requestBody(recording) && responseText(recording) !== '',
    );
    return new Map(
      [...byProvider(native)].map(([provider, list]) => [
        provider,
        list.map(({ recording, place }) => ({
          provider,
          format: place.format,
          name: nameOf(recording),
          check: async () => {
            const body = requestBody(recording)!;
            const native = recording.provider === 'bedrock' && (place.format === 'anthropic-messages' || place.format === 'bedrock-text');
            const { answer, received } = await sluice().call({
              recording,
              client: native ? 'bedrock-invoke' : (place.format as WireFormat),
              request: (model) => ('model' in body || !(native || modelInPath.has(place.format as WireFormat)) ? { ...body, model } : body),
              stream: recording.stream,
            });
            if (!received)
              return [`nothing reached the upstream: ${answer.status} ${new TextDecoder().decode(answer.bytes).slice(0, 200)}`];
            const found = bodyDifferences(obj(parseJson(received.text)), body);
            if (answer.status !== recording.status) found.push(`status: ${answer.status} for ${recording.status}`);
            if (!Buffer.from(answer.bytes).equals(recording.responseBytes)) {
              found.push(`answer: ${answer.bytes.length} bytes for ${recording.responseBytes.length}`);
            }
            return found;
          },
        })),
      ]),
    );
  },
});
