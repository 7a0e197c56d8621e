import { differences } from '../kit/compare.ts';
import { byProvider, chatRecordings } from '../kit/groups.ts';
import { parseJson, readEvents } from '../kit/read/events.ts';
import { readError } from '../kit/read/errors.ts';
import { readers } from '../kit/read/index.ts';
import { newReading, type Reading } from '../kit/read/reading.ts';
import { nameOf, readable, responseText } from '../kit/recordings.ts';
import { geminiAnswerIssues, specsMissing } from '../kit/specs.ts';
import { clientFormats } from '../kit/wire-formats.ts';
import { clientRequest } from '../kit/wire-requests.ts';
import { replaySuite } from './suite.ts';

/** Queued in the background, or not an answer of the format at all: nothing to compare. */
const isAnswer = (said: Reading): boolean =>
  said.error !== undefined || (said.choices.length > 0 && said.choices.some(({ finish, text }) => finish !== 'none' || text !== ''));

/** The old completions have texts and nothing else. */
const hasNoCalls = (said: Reading): boolean => said.choices.every(({ toolCalls }) => toolCalls.length === 0);

/** Members of Google's own answers that its description does not have; `error` ends a stream that failed. */
const newer = /^'(?:createTime|serviceTier|trafficType|error)' is not known$/;

/** What Google's description has against an answer in its format. */
const undescribed = (text: string, stream: boolean): string[] => {
  if (specsMissing() !== undefined) return [];
  const bodies = stream ? readEvents(text).map(({ data }) => data) : [text];
  return bodies.flatMap((body) =>
    geminiAnswerIssues(parseJson(body))
      .filter(({ message }) => !newer.test(message))
      .map(({ path, message }) => `schema: ${path} ${message}`),
  );
};

// Use 1: what the provider said reaches the client in each format: text, thoughts, tool calls, finish reason, usage.
replaySuite({
  use: 'answers',
  cases: (sluice) => {
    const answered = chatRecordings()
      .filter(({ recording }) => recording.status < 300)
      .map(({ recording, place }) => ({
        recording,
        place,
        said: readers[place.format][recording.stream ? 'stream' : 'whole'](responseText(recording)),
      }))
      .filter(({ said }) => isAnswer(said));
    return new Map(
      [...byProvider(answered)].map(([provider, list]) => [
        provider,
        ([...clientFormats, 'openai-completions'] as const).flatMap((format) =>
          list
            .filter(({ said }) => format !== 'openai-completions' || hasNoCalls(said))
            .map(({ recording, place, said }) => ({
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
                const text = readable(answer.bytes);
                if (answer.status === 200) {
                  const told = readers[format][recording.stream ? 'stream' : 'whole'](text);
                  const untouched = place.format === format;
                  const described = format === 'gemini' && !untouched ? undescribed(text, recording.stream) : [];
                  return [...differences(said, told, format, untouched), ...described];
                }
                // An error inside a 200, before any output, becomes an error of its own.
                if (!said.error) return [`status ${answer.status}: ${text.slice(0, 200)}`];
                return differences(said, { ...newReading(), error: readError(format, answer.status, text) }, format);
              },
            })),
        ),
      ]),
    );
  },
});
