import { asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import type { Adapter, Wire } from '../../types/index.ts';
import { streamOfText } from '../media/bytes.ts';
import { pathSegment } from '../url.ts';
import { cloudSpeech } from './cloud-speech.ts';
import { cloudTranscription } from './cloud-transcription.ts';
import type { VertexPlace } from './place.ts';
import { geminiSpeech } from './speech.ts';
import { geminiTranscription, geminiTranslation } from './transcription.ts';
import { unknownJob, veo } from './veo.ts';

const ready = ({ target }: Wire): Promise<void> | undefined => target.provider.ready?.(target);
const paths = { generate: '/publishers/google/models/{model}:generateContent', ready };

const isGemini = (model: string): boolean => model.startsWith('gemini');

/** `projects/p/locations/l/publishers/google/models/veo-3.1/operations/abc`. The model becomes part of a path. */
const operationName = /^projects\/[^/]+\/locations\/[\w-]+\/publishers\/google\/models\/([\w.-]+)\/operations\/[\w.-]+$/;

/** `gs://bucket/a/b.mp4` as an address (docs.cloud.google.com/storage/docs/request-endpoints, read 2026-11-22). */
const storageUrl = (uri: string): string | undefined => {
  const [, bucket, object] = /^gs:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  if (bucket === undefined || object === undefined) return undefined;
  return `https://storage.googleapis.com/storage/v1/b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(object)}?alt=media`;
};

/** Sound and video of Vertex AI: Gemini's, and the services for speech beside it, which have the older models. */
export const vertexMedia = (place: VertexPlace) => {
  const prompted = { speech: geminiSpeech(paths), transcription: geminiTranscription(paths) };
  const cloud = { transcription: cloudTranscription(place, ready) };
  const speech: Adapter<'speech'> = (request, wire) => (isGemini(wire.model) ? prompted.speech : cloudSpeech)(request, wire);
  const transcription: Adapter<'transcription'> = (request, wire) => (isGemini(wire.model) ? prompted : cloud).transcription(request, wire);
  return {
    speech,
    transcription,
    translation: geminiTranslation(paths),
    ...veo({
      begin: '/publishers/google/models/{model}:predictLongRunning',
      ready,
      look(name, wire) {
        const model = operationName.exec(name)?.[1];
        if (model === undefined) throw unknownJob(name, wire);
        const url = `/publishers/google/models/${pathSegment(model)}:fetchPredictOperation`;
        return wire.json({ url, json: { operationName: name } });
      },
      open(response, wire) {
        const [video] = asObjects(response['videos']);
        const type = asString(video?.['mimeType']) ?? 'video/mp4';
        const data = asString(video?.['bytesBase64Encoded']);
        if (data !== undefined) return Promise.resolve(streamOfText(wire, data, 'base64', type));
        const url = storageUrl(asString(video?.['gcsUri']) ?? asString(asObject(video)?.['uri']) ?? '');
        return url === undefined ? undefined : wire.stream({ url, follow: true });
      },
    }),
  };
};
