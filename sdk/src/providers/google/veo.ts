import { blobToBase64 } from '../../lib/byte-text.ts';
import { asNumber, asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import { SluiceError, type Adapter, type ByteStream, type JsonObject, type Wire } from '../../types/index.ts';
import { unitsUsage } from '../media/bytes.ts';
import { jobFailed, noAnswer } from '../media/failure.ts';
import { imageFile, notReady, readVideo, videoJob, wantVideo } from '../media/video.ts';

/*
 * Veo: a long-running operation whose name is the job's id (ai.google.dev/gemini-api/docs/video, docs.cloud.google.com/
 * vertex-ai/generative-ai/docs/model-reference/veo-video-generation, the npm package @google/genai 2.32; read 2026-11-22).
 */

/** What differs between the Gemini API and Vertex AI. */
export interface VeoPlace {
  /** `{model}` is filled in by the provider. */
  begin: string;
  ready(wire: Wire): Promise<void> | undefined;
  /** Looks at an operation. @throws SluiceError `not_found` where the name is none */
  look(name: string, wire: Wire): Promise<JsonObject>;
  /** The bytes of the first video of an operation that is done; undefined where it has none. */
  open(response: JsonObject, wire: Wire): Promise<ByteStream> | undefined;
}

/** Members that say what the video is made of; all others are parameters. */
const instanceMembers = new Set(['image', 'lastFrame', 'referenceImages', 'video', 'mask']);

/** What is made where nobody says how long. */
const defaultSeconds = 8;

const resolutions: Readonly<Record<number, string>> = { 1080: '1080p', 2160: '4k' };

export const veo = (place: VeoPlace) => {
  const create: Adapter<'video-create'> = async (request, wire) => {
    const { prompt, seconds, size, image, others } = readVideo(request);
    const picture = image === undefined ? undefined : imageFile(image, wire);
    const { parameters: whole, ...rest } = others;
    const instance: JsonObject = {
      prompt,
      ...(picture && {
        image: { bytesBase64Encoded: await blobToBase64(picture.bytes), mimeType: picture.type === '' ? 'image/png' : picture.type },
      }),
    };
    const parameters: JsonObject = {
      ...(size && shapeOf(size, wire)),
      ...(seconds !== undefined && { durationSeconds: Math.round(seconds) }),
    };
    for (const [name, value] of Object.entries(rest)) (instanceMembers.has(name) ? instance : parameters)[name] = value;
    Object.assign(parameters, asObject(whole));
    await place.ready(wire);
    const answer = await wire.json({ url: place.begin, json: { instances: [instance], parameters } });
    const id = asString(answer['name']);
    if (id === undefined) throw noAnswer(wire, 'the name of its operation', answer);
    const long = asNumber(parameters['durationSeconds']) ?? defaultSeconds;
    return {
      body: videoJob({ id, status: 'queued', seconds: String(long), ...(size && { size: `${size.width}x${size.height}` }) }),
      usage: unitsUsage({ outputSeconds: long * (asNumber(parameters['sampleCount']) ?? 1) }),
    };
  };

  const retrieve: Adapter<'video-retrieve'> = async ({ id }, wire) => {
    await place.ready(wire);
    const operation = await place.look(id, wire);
    if (operation['done'] !== true) return { body: videoJob({ id, status: 'in_progress' }) };
    const error = errorOf(operation);
    return { body: videoJob({ id, status: error ? 'failed' : 'completed', ...(error && { error }) }) };
  };

  const content: Adapter<'video-content'> = async ({ id, variant }, wire) => {
    wantVideo(variant, wire);
    await place.ready(wire);
    const operation = await place.look(id, wire);
    if (operation['done'] !== true) throw notReady(wire, 'in_progress');
    const error = errorOf(operation);
    if (error)
      throw jobFailed(wire, error.message, { code: error.code }, error.code === filtered ? 'content_policy_violation' : 'unprocessable');
    const stream = place.open(asObject(operation['response']) ?? {}, wire);
    if (!stream) throw noAnswer(wire, 'a video');
    return stream;
  };

  return { 'video-create': create, 'video-retrieve': retrieve, 'video-content': content };
};

/** `1280x720` is 16:9 in 720p, which needs no word. */
const shapeOf = ({ width, height }: { width: number; height: number }, wire: Wire): JsonObject => {
  const aspectRatio = width >= height ? '16:9' : '9:16';
  const [long, short] = width >= height ? [width, height] : [height, width];
  if (Math.abs(long / short - 16 / 9) > 0.03) wire.drop('size', `${width}x${height} is made as ${aspectRatio}`);
  const resolution = resolutions[short];
  return { aspectRatio, ...(resolution !== undefined && { resolution }) };
};

const filtered = 'content_filtered';

/** Why an operation that is done has no video: it failed, or what it made was held back. */
const errorOf = (operation: JsonObject): { code: string; message: string } | undefined => {
  const error = asObject(operation['error']);
  if (error) {
    const code = asString(error['status']) ?? asNumber(error['code'])?.toString() ?? 'failed';
    return { code, message: asString(error['message']) ?? 'The operation failed.' };
  }
  const response = asObject(operation['response']) ?? {};
  const inner = asObject(response['generateVideoResponse']) ?? response;
  const made = [...asObjects(inner['generatedSamples']), ...asObjects(inner['videos'])];
  if (made.length > 0) return undefined;
  const reasons = Array.isArray(inner['raiMediaFilteredReasons']) ? inner['raiMediaFilteredReasons'].join(' ') : '';
  return { code: filtered, message: reasons === '' ? 'No video was made: the vendor held it back.' : reasons };
};

export const unknownJob = (id: string, { target: { provider } }: Wire): SluiceError =>
  new SluiceError('not_found', `'${id.slice(0, 100)}' is not the name of an operation.`, { param: 'id', provider: provider.id });
