import { compact } from '../../protocols/shared/read.ts';
import { SluiceError, type MediaFile, type VideoCreateRequest, type VideoJob, type Wire } from '../../types/index.ts';
import { otherMembers } from './members.ts';

/** A video request as vendors want it told. */
export interface VideoWish {
  prompt: string;
  seconds?: number;
  /** `1280x720` */
  size?: { width: number; height: number };
  image?: NonNullable<VideoCreateRequest['input_reference']>;
  /** The vendor's own members. */
  others: Record<string, unknown>;
}

const named = ['model', 'prompt', 'seconds', 'size', 'input_reference', 'user'];

/** @throws SluiceError `invalid_request` */
export const readVideo = (request: VideoCreateRequest): VideoWish => {
  const { prompt, input_reference: image } = request;
  const seconds = secondsOf(request.seconds);
  const size = sizeOf(request.size);
  return {
    prompt,
    others: otherMembers(request, named),
    ...(seconds !== undefined && { seconds }),
    ...(size && { size }),
    ...(image && { image }),
  };
};

const secondsOf = (value: unknown): number | undefined => {
  if (value === undefined || value === null || value === '') return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new SluiceError('invalid_request', "'seconds' must be a number.", { param: 'seconds' });
};

const sizeOf = (value: unknown): { width: number; height: number } | undefined => {
  if (value === undefined || value === null || value === '' || value === 'auto') return undefined;
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(String(value)) ?? [];
  if (width !== undefined && height !== undefined) return { width: Number(width), height: Number(height) };
  throw new SluiceError('invalid_request', "'size' must be written as 1280x720.", { param: 'size' });
};

/** For vendors that take no addresses. @throws SluiceError `invalid_request` */
export const imageFile = (image: MediaFile | string, { target: { provider } }: Wire): MediaFile => {
  if (typeof image !== 'string') return image;
  const message = `'input_reference' must be a file: ${provider.label} takes no addresses of images.`;
  throw new SluiceError('invalid_request', message, { param: 'input_reference', provider: provider.id });
};

/** A job, without the members that nobody knows. */
export const videoJob = (job: {
  id: string;
  status: VideoJob['status'];
  /** Unix seconds. */
  created_at?: number | undefined;
  completed_at?: number | undefined;
  /** 0 to 100. */
  progress?: number | undefined;
  seconds?: string | undefined;
  size?: string | undefined;
  error?: { code: string; message: string } | undefined;
}): VideoJob => compact({ ...job });

/** An ISO date -> Unix seconds. */
export const unixSeconds = (date: unknown): number | undefined => {
  const ms = typeof date === 'string' ? Date.parse(date) : NaN;
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000);
};

/** Only OpenAI has pictures of its videos. @throws SluiceError `unsupported_parameter` */
export const wantVideo = (variant: string | undefined, wire: Wire): void => {
  if (variant !== undefined && variant !== '' && variant !== 'video') wire.lacks('variant', 'there is the video alone');
};

/** Asked for before it is there. */
export const notReady = ({ target: { provider } }: Wire, status: string): SluiceError =>
  new SluiceError('invalid_request', `The video is not ready: it is ${status}.`, { param: 'id', provider: provider.id });
