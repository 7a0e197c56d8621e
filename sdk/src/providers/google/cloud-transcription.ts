import { blobToBase64 } from '../../lib/byte-text.ts';
import { asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import { SluiceError, type Adapter, type JsonObject, type Wire } from '../../types/index.ts';
import { unitsUsage } from '../media/bytes.ts';
import { localeOfLanguage } from '../media/locale.ts';
import { typedMembers } from '../media/members.ts';
import { readTranscription, secondsOfText, segmentsBySpeaker, speakerOf, type Word } from '../media/transcription.ts';
import { pathSegment } from '../url.ts';
import { serviceRoot, type VertexPlace } from './place.ts';

/** Chirp 3 is in the United States' and Europe's multi-regions. */
const defaultLocation = 'us';

/**
 * Cloud Speech-to-Text in its second version, with Chirp and the models before it
 * (docs.cloud.google.com/speech-to-text/docs/reference/rest/v2/projects.locations.recognizers/recognize, read 2026-11-22).
 */
export const cloudTranscription =
  ({ projectOf, locationOf }: VertexPlace, ready: (wire: Wire) => Promise<void> | undefined): Adapter<'transcription'> =>
  async (request, wire) => {
    const { language, prompt, temperature, diarize, others } = readTranscription(request, wire);
    if (prompt !== undefined) wire.lacks('prompt', 'words to expect are given as `adaptation`');
    if (temperature !== undefined) wire.lacks('temperature');
    await ready(wire);
    const { target } = wire;
    const project = projectOf(target);
    if (project === undefined)
      throw new SluiceError('invalid_request', 'Speech-to-Text needs the project: give vertex_project, or set VERTEXAI_PROJECT.', {
        param: 'vertex_project',
        provider: target.provider.id,
      });
    const location = locationOf(target) ?? defaultLocation;
    const { features, config, ...own } = typedMembers(others);
    const json: JsonObject = {
      config: {
        model: wire.model,
        languageCodes: [language === undefined ? 'auto' : localeOfLanguage(language)],
        autoDecodingConfig: {},
        features: {
          enableAutomaticPunctuation: true,
          enableWordTimeOffsets: true,
          ...(diarize && { diarizationConfig: {} }),
          ...asObject(features),
        },
        ...own,
        ...asObject(config),
      },
      content: await blobToBase64(request.file.bytes),
    };
    const host = location === 'global' ? 'https://speech.googleapis.com' : `https://${location}-speech.googleapis.com`;
    const place = `/v2/projects/${pathSegment(project)}/locations/${pathSegment(location)}/recognizers/_:recognize`;
    return read(await wire.json({ url: serviceRoot(target, host) + place, json }), language);
  };

const read = (answer: JsonObject, asked: string | undefined) => {
  // Absent where nothing is said in the recording.
  const results = asObjects(answer['results']);
  const heard = results.map(({ alternatives }) => asObjects(alternatives)[0] ?? {});
  const words = heard.flatMap(({ words: list }) => asObjects(list).map(wordOf));
  const segments = segmentsBySpeaker(words);
  const duration = secondsOfText(asObject(answer['metadata'])?.['totalBilledDuration']);
  const language = results.map((result) => asString(result['languageCode'])).find((code) => code !== undefined) ?? asked;
  return {
    text: heard
      .map(({ transcript }) => (asString(transcript) ?? '').trim())
      .filter((text) => text !== '')
      .join(' '),
    ...(language !== undefined && { language }),
    ...(duration !== undefined && { durationSeconds: duration, usage: unitsUsage({ inputSeconds: duration }) }),
    ...(segments && { segments }),
    ...(words.length > 0 && { words }),
  };
};

/** An offset of 0 is left out. */
const wordOf = ({ word, startOffset, endOffset, speakerLabel }: JsonObject): Word => ({
  word: asString(word) ?? '',
  start: secondsOfText(startOffset) ?? 0,
  end: secondsOfText(endOffset) ?? 0,
  ...speakerOf(speakerLabel),
});
