import { blobToBase64 } from '../../lib/byte-text.ts';
import { asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import { SluiceError, type JsonObject, type MediaFile, type Adapter, type Operation, type VideoJob, type Wire } from '../../types/index.ts';
import { unitsUsage } from '../media/bytes.ts';
import { jobFailed, noAnswer } from '../media/failure.ts';
import { typedMembers } from '../media/members.ts';
import { notReady, readVideo, videoJob, wantVideo } from '../media/video.ts';
import { pathSegments } from '../url.ts';
import { queueHost } from './place.ts';

/*
 * Videos take minutes, so that they wait in a queue on a host of its own: a request is put there, looked at under the
 * name of its application (the first two parts of the model's), and its result read from beside it
 * (docs.fal.ai/model-apis/model-endpoints/queue and the npm package @fal-ai/client 1.10, read 2026-11-22).
 */

const fullName = (model: string): string => (model.includes('/') ? model : `fal-ai/${model}`);

/** `fal-ai/veo3/requests/<id>`: all that is needed to find it again. It becomes a path: nothing else may get there. */
const jobName = /^(?:(?:workflows|comfy)\/)?[\w.-]+\/[\w.-]+\/requests\/[\w-]+$/;

/** The first two parts of a model's name, behind those that stand for a kind of application. */
const applicationOf = (model: string): string => /^(?:(?:workflows|comfy)\/)?[^/]+\/[^/]+/.exec(model)?.[0] ?? model;

const urlOf = (id: string, { target: { provider } }: Wire): string => {
  if (jobName.test(id) && !id.includes('..')) return `https://${queueHost}/${id}`;
  throw new SluiceError('not_found', `'${id.slice(0, 100)}' is not the name of a request.`, { param: 'id', provider: provider.id });
};

const resolutions = new Set([480, 580, 720, 1080]);

const shapeOf = ({ width, height }: { width: number; height: number }): JsonObject => {
  const short = Math.min(width, height);
  return {
    aspect_ratio: width === height ? '1:1' : width > height ? '16:9' : '9:16',
    ...(resolutions.has(short) && { resolution: `${short}p` }),
  };
};

/** Most models take a number as a text; Google's want its unit. */
const durationOf = (seconds: number, model: string): string => `${Math.round(seconds)}${model.includes('/veo') ? 's' : ''}`;

const numeric = ['seed', 'num_frames', 'num_inference_steps', 'guidance_scale', 'fps', 'cfg_scale'];

const dataUrl = async ({ bytes, type }: MediaFile): Promise<string> =>
  `data:${type === '' ? 'image/png' : type};base64,${await blobToBase64(bytes)}`;

const statuses: Readonly<Record<string, VideoJob['status']>> = { IN_QUEUE: 'queued', IN_PROGRESS: 'in_progress', COMPLETED: 'completed' };

const look = async (id: string, wire: Wire): Promise<{ status: VideoJob['status']; error?: { code: string; message: string } }> => {
  const job = await wire.json({ url: `${urlOf(id, wire)}/status` });
  const status = statuses[asString(job['status']) ?? ''];
  if (!status) throw noAnswer(wire, 'a status', job);
  const message = asString(job['error']);
  if (message === undefined) return { status };
  return { status: 'failed', error: { code: asString(job['error_type']) ?? 'failed', message } };
};

export const falVideo = {
  async 'video-create'(request, wire) {
    const { prompt, seconds, size, image, others } = readVideo(request);
    const model = fullName(wire.model);
    const json: JsonObject = {
      prompt,
      ...(size && shapeOf(size)),
      ...(seconds !== undefined && { duration: durationOf(seconds, model) }),
      ...(image && { image_url: typeof image === 'string' ? image : await dataUrl(image) }),
      ...typedMembers(others, numeric),
    };
    const answer = await wire.json({ url: `https://${queueHost}/${pathSegments(model)}`, json });
    const request_id = asString(answer['request_id']);
    if (request_id === undefined) throw noAnswer(wire, 'the id of its request', answer);
    return {
      body: videoJob({
        id: `${applicationOf(model)}/requests/${request_id}`,
        status: 'queued',
        ...(size && { size: `${size.width}x${size.height}` }),
      }),
      ...(seconds !== undefined && { usage: unitsUsage({ outputSeconds: Math.round(seconds) }) }),
    };
  },

  async 'video-retrieve'({ id }, wire) {
    return { body: videoJob({ id, ...(await look(id, wire)) }) };
  },

  async 'video-content'({ id, variant }, wire) {
    wantVideo(variant, wire);
    const { status, error } = await look(id, wire);
    if (error) throw jobFailed(wire, error.message, { code: error.code });
    if (status !== 'completed') throw notReady(wire, status);
    const result = await wire.json({ url: urlOf(id, wire) });
    const video = asObject(result['video']) ?? asObjects(result['videos'])[0];
    const link = asString(video?.['url']);
    if (link === undefined) throw noAnswer(wire, 'a video', result);
    return wire.stream({ url: link, follow: true });
  },
} satisfies { [K in Operation]?: Adapter<K> };
