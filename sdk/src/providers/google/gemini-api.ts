import { asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import type { Adapter } from '../../types/index.ts';
import { geminiSpeech } from './speech.ts';
import { interactionTranscription, isTranscribeModel } from './transcribe-model.ts';
import { geminiTranscription, geminiTranslation } from './transcription.ts';
import { unknownJob, veo } from './veo.ts';

const paths = { generate: '/models/{model}:generateContent', ready: () => undefined };

const byPrompt = geminiTranscription(paths);
const transcription: Adapter<'transcription'> = (request, wire) =>
  isTranscribeModel(wire.model) ? interactionTranscription(request, wire) : byPrompt(request, wire);

/** `models/veo-3.1-generate-preview/operations/abc`. It becomes a path: nothing else may get there. */
const operationName = /^(?:models\/[\w.-]+\/)?operations\/[\w.-]+$/;

/** The link is one of the API's own, which wants the key: as a path it also leads through a gateway of one's own. */
const downloadPath = (uri: string): string =>
  /^https:\/\/generativelanguage\.googleapis\.com\/v1(?:alpha|beta)?(\/.*)$/.exec(uri)?.[1] ?? uri;

/** Sound and video of the Gemini API. */
export const geminiMedia = {
  speech: geminiSpeech(paths),
  transcription,
  translation: geminiTranslation(paths),
  ...veo({
    begin: '/models/{model}:predictLongRunning',
    ready: paths.ready,
    look(name, wire) {
      if (!operationName.test(name)) throw unknownJob(name, wire);
      return wire.json({ url: `/${name}` });
    },
    open(response, wire) {
      const [sample] = asObjects(asObject(response['generateVideoResponse'])?.['generatedSamples']);
      const uri = asString(asObject(sample?.['video'])?.['uri']);
      return uri === undefined ? undefined : wire.stream({ url: downloadPath(uri), follow: true });
    },
  }),
};
