import { byProvider, chatRecordings } from '../kit/groups.ts';
import { readAnyError, readError } from '../kit/read/errors.ts';
import { nameOf, responseText } from '../kit/recordings.ts';
import { clientFormats, type VendorFormat, type WireFormat } from '../kit/wire-formats.ts';
import { clientRequest } from '../kit/wire-requests.ts';
import { replaySuite } from './suite.ts';

const decoder = new TextDecoder();

/** What Bedrock says of a failure it says in the same words at all of its paths. */
const family = (format: WireFormat | VendorFormat): string =>
  format.startsWith('openai') ? 'openai' : format === 'bedrock-text' ? 'bedrock-converse' : format;

// Use 4: what went wrong at the provider reaches the client: its status, its type in the format's words, its message.
replaySuite({
  use: 'errors',
  cases: (sluice) => {
    const failed = chatRecordings().filter(({ recording }) => recording.status >= 400);
    return new Map(
      [...byProvider(failed)].map(([provider, list]) => [
        provider,
        clientFormats.flatMap((format) =>
          list.map(({ recording, place }) => ({
            provider,
            format,
            name: nameOf(recording),
            check: async () => {
              const { answer } = await sluice().call({
                recording,
                client: format,
                request: (model) => clientRequest(format, recording, model),
                stream: recording.stream,
              });
              const said = readAnyError(responseText(recording));
              const told = readError(format, answer.status, decoder.decode(answer.bytes));
              const found = told.faults.map((fault) => `envelope: ${fault}`);
              if (answer.status !== recording.status) found.push(`status: ${answer.status} for ${recording.status}`);
              if (!told.message.includes(said.message))
                found.push(`message: ${JSON.stringify(told.message)} for ${JSON.stringify(said.message)}`);
              if (family(format) === family(place.format)) {
                if (said.type !== '' && told.type !== said.type) found.push(`type: ${told.type} for ${said.type}`);
                // The status again is no code.
                if (said.code !== '' && said.code !== String(recording.status) && told.code !== said.code)
                  found.push(`code: ${told.code} for ${said.code}`);
              }
              const wait = recording.responseHeaders['retry-after'];
              if (wait !== undefined && answer.headers.get('retry-after') !== wait)
                found.push(`retry-after: ${answer.headers.get('retry-after')} for ${wait}`);
              return found;
            },
          })),
        ),
      ]),
    );
  },
});
