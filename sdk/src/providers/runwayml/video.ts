import { blobToBase64 } from '../../lib/byte-text.ts';
import { asNumber } from '../../protocols/shared/read.ts';
import type { Adapter, JsonObject, MediaFile } from '../../types/index.ts';
import { unitsUsage } from '../media/bytes.ts';
import { notReady, readVideo, unixSeconds, videoJob, wantVideo } from '../media/video.ts';
import { begin, errorOf, outputOf, ratioOf, statusOf, taskOf, taskUrl } from './task.ts';

/** Models that want to be told; others have a size of their own. */
const wantsRatio = /^(?:gen|veo|act)/;
const wantsDuration = /^gen4/;

/** The address says what is given besides words: nothing, an image, or a video. */
export const videoCreate: Adapter<'video-create'> = async (request, wire) => {
  const { prompt, seconds, size, image, others } = readVideo(request);
  const ratio = size ? ratioOf(size) : wantsRatio.test(wire.model) ? '1280:720' : undefined;
  const duration = seconds ?? (wantsDuration.test(wire.model) ? 5 : undefined);
  const json: JsonObject = {
    model: wire.model,
    promptText: prompt,
    ...(ratio !== undefined && { ratio }),
    ...(duration !== undefined && { duration: Math.round(duration) }),
    ...(image && { promptImage: typeof image === 'string' ? image : await dataUrl(image, 'image/png') }),
    ...others,
  };
  const kind =
    json['videoUri'] !== undefined || json['promptVideo'] !== undefined
      ? 'video_to_video'
      : json['promptImage'] !== undefined
        ? 'image_to_video'
        : 'text_to_video';
  const id = await begin(`/v1/${kind}`, json, wire);
  const long = asNumber(json['duration']);
  return {
    body: videoJob({
      id,
      status: 'queued',
      ...(long !== undefined && { seconds: String(long) }),
      ...(size && { size: `${size.width}x${size.height}` }),
    }),
    ...(long !== undefined && { usage: unitsUsage({ outputSeconds: long }) }),
  };
};

export const dataUrl = async ({ bytes, type }: MediaFile, otherwise: string): Promise<string> =>
  `data:${type === '' ? otherwise : type};base64,${await blobToBase64(bytes)}`;

export const videoRetrieve: Adapter<'video-retrieve'> = async ({ id }, wire) => {
  const task = await taskOf(id, wire);
  const status = statusOf(task, wire);
  const share = asNumber(task['progress']);
  return {
    body: videoJob({
      id,
      status,
      created_at: unixSeconds(task['createdAt']),
      progress: share === undefined ? undefined : Math.round(share * 100),
      ...(status === 'failed' && { error: errorOf(task) }),
    }),
  };
};

export const videoContent: Adapter<'video-content'> = async ({ id, variant }, wire) => {
  wantVideo(variant, wire);
  const task = await taskOf(id, wire);
  const links = outputOf(task, wire);
  if (!links) throw notReady(wire, statusOf(task, wire));
  return wire.stream({ url: links[0]! });
};

/** Cancels what goes on, deletes what is done. */
export const videoDelete: Adapter<'video-delete'> = async ({ id }, wire) => {
  const stream = await wire.stream({ method: 'DELETE', url: taskUrl(id) });
  stream.cancel();
  return { body: { id, object: 'video.deleted', deleted: true } };
};
