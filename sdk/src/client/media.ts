import { splitRequest, type CallOptions } from './options.ts';
import type {
  ImageEditParams,
  ImageGenerationParams,
  ImagesResponse,
  MediaEvent,
  ImageVariationParams,
  ModerationParams,
  ModerationResponse,
  OcrParams,
  OcrResponse,
  SearchParams,
  SearchResponse,
  SpeechParams,
  SpeechResponse,
  TranscriptionParams,
  TranscriptionResponse,
  VideoParams,
  VideoObject,
} from './wire/media.ts';
import type { Model, ProviderPrefix } from './models.ts';
import type { Open } from './wire/open.ts';
import type { Operation } from '../types/index.ts';

type Call<P> = Open<P & CallOptions & { model: Model }>;

export type ImageGenerationRequest = Call<ImageGenerationParams>;
export type ImageEditRequest = Call<ImageEditParams>;
export type ImageVariationRequest = Call<ImageVariationParams>;
export type TranscriptionRequest = Call<TranscriptionParams>;
export type SpeechRequest = Call<SpeechParams>;
/** Without `model` OpenAI's latest judges, as in OpenAI's own API. */
export type ModerationRequest = Open<ModerationParams & CallOptions & { model?: Model }>;
export type OcrRequest = Call<OcrParams>;
/** `provider`: who searches (`tavily`, `exa_ai`, `perplexity`, ...). */
export type SearchRequest = Open<SearchParams & CallOptions & { provider: string }>;
export type VideoRequest = Call<VideoParams>;
/** A job that was begun: `id` as it was answered, and whose it is: `model` as it was then, or `provider` (`openai`, `runwayml`, ...). */
export type VideoJobRequest = Open<
  CallOptions & { id: string } & ({ model: Model; provider?: undefined } | { provider: ProviderPrefix | (string & {}); model?: undefined })
>;

const json = async (operation: Operation, request: object): Promise<unknown> => {
  const { options, body } = splitRequest(request);
  const { callOperation, jsonOf } = await import('./engine.ts');
  return jsonOf(await callOperation(operation, body, options));
};

/** The whole answer, or with `stream: true` its events. */
const jsonOrEvents = async (operation: Operation, request: object): Promise<unknown> => {
  const { options, body } = splitRequest(request);
  const { callOperation, eventsOfBytes, jsonOf } = await import('./engine.ts');
  const answer = await callOperation(operation, body, options);
  return body['stream'] === true ? eventsOfBytes(answer) : jsonOf(answer);
};

const bytes = async (operation: Operation, request: object): Promise<SpeechResponse> => {
  const { options, body } = splitRequest(request);
  const { callOperation, bytesOf } = await import('./engine.ts');
  return bytesOf(await callOperation(operation, body, options));
};

/** Makes images from words, in OpenAI's format. @returns the images, or with `stream: true` the events on the way to them @throws SluiceError */
export function imageGeneration(request: ImageGenerationRequest & { stream: true }): Promise<AsyncIterable<MediaEvent>>;
export function imageGeneration(request: ImageGenerationRequest & { stream?: false }): Promise<ImagesResponse>;
export function imageGeneration(
  request: ImageGenerationRequest & { stream?: boolean },
): Promise<ImagesResponse | AsyncIterable<MediaEvent>>;
export function imageGeneration(request: ImageGenerationRequest): Promise<unknown> {
  return jsonOrEvents('image-generation', request);
}

/** Changes images as words say, in OpenAI's format. @throws SluiceError */
export function imageEdit(request: ImageEditRequest & { stream: true }): Promise<AsyncIterable<MediaEvent>>;
export function imageEdit(request: ImageEditRequest & { stream?: false }): Promise<ImagesResponse>;
export function imageEdit(request: ImageEditRequest & { stream?: boolean }): Promise<ImagesResponse | AsyncIterable<MediaEvent>>;
export function imageEdit(request: ImageEditRequest): Promise<unknown> {
  return jsonOrEvents('image-edit', request);
}

/** Makes variations of an image, in OpenAI's format. @throws SluiceError */
export const imageVariation = (request: ImageVariationRequest): Promise<ImagesResponse> =>
  json('image-variation', request) as Promise<ImagesResponse>;

/**
 * Writes down what is said in a recording.
 * @returns OpenAI's answer; for `response_format` `text`, `srt` and `vtt` it is the text; with `stream: true` its events
 * @throws SluiceError
 */
export function transcription(request: TranscriptionRequest & { stream: true }): Promise<AsyncIterable<MediaEvent>>;
export function transcription(request: TranscriptionRequest & { stream?: false }): Promise<TranscriptionResponse>;
export function transcription(
  request: TranscriptionRequest & { stream?: boolean },
): Promise<TranscriptionResponse | AsyncIterable<MediaEvent>>;
export function transcription(request: TranscriptionRequest): Promise<unknown> {
  return jsonOrEvents('transcription', request);
}

/** Writes down in English what is said in a recording. @throws SluiceError */
export const translation = (request: TranscriptionRequest): Promise<TranscriptionResponse> =>
  json('translation', request) as Promise<TranscriptionResponse>;

/** Speaks a text. @returns the sound, as it comes @throws SluiceError */
export const speech = (request: SpeechRequest): Promise<SpeechResponse> => bytes('speech', request);

/** OpenAI's, where its clients need name none (https://platform.openai.com/docs/api-reference/moderations, read 2026-11-22). */
const usualModeration = 'openai/omni-moderation-latest';

/** Judges whether texts or images are harmful, in OpenAI's format. @throws SluiceError */
export const moderation = (request: ModerationRequest): Promise<ModerationResponse> =>
  json('moderation', { ...request, model: request.model ?? usualModeration }) as Promise<ModerationResponse>;

/** Reads documents and images into Markdown, in Mistral's format. @throws SluiceError */
export const ocr = (request: OcrRequest): Promise<OcrResponse> => json('ocr', request) as Promise<OcrResponse>;

/** Searches the web, in Perplexity's format, with any of the search vendors. @throws SluiceError */
export const search = ({ provider, ...request }: SearchRequest): Promise<SearchResponse> =>
  json('search', { ...request, model: `${String(provider)}/search` }) as Promise<SearchResponse>;

/** Begins to make a video, in OpenAI's format. @returns the job @throws SluiceError */
export const videoGeneration = (request: VideoRequest): Promise<VideoObject> => json('video-create', request) as Promise<VideoObject>;

/** No vendor looks at the model of a job: its id says what it is. */
const jobOf = ({ provider, ...request }: VideoJobRequest): object =>
  provider === undefined ? request : { ...request, model: `${String(provider)}/video` };

/** How far the job is. @throws SluiceError */
export const videoStatus = (request: VideoJobRequest): Promise<VideoObject> =>
  json('video-retrieve', jobOf(request)) as Promise<VideoObject>;

/** The video, as it comes. @throws SluiceError */
export const videoContent = (request: VideoJobRequest & { variant?: string }): Promise<SpeechResponse> =>
  bytes('video-content', jobOf(request));

/** Begins another video from one that is done. @throws SluiceError */
export const videoRemix = (request: VideoJobRequest & { prompt: string }): Promise<VideoObject> =>
  json('video-remix', jobOf(request)) as Promise<VideoObject>;
