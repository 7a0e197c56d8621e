import { table } from '../../lib/table.ts';
import { SluiceError, type EmbeddingRequest, type JsonObject, type PathFacts, type ToWireContext } from '../../types/index.ts';
import { parseDataUrl } from '../shared/data-url.ts';
import { compact, maybe, wantArray, wantNumber, wantString } from '../shared/read.ts';
import { wantedTexts } from '../shared/wanted-texts.ts';
import { familyOf, type Family } from './families.ts';

interface Wanted {
  /** In the order of the request; one, but for Cohere. */
  texts: string[];
  dimensions: number | undefined;
  /** Cohere's `input_type`, whatever the client called it. */
  purpose: string | undefined;
  /** Members of the model's own (`normalize`, `truncate`): they go where the family has such. */
  rest: JsonObject;
  context: ToWireContext;
}

type Writer = (wanted: Wanted) => JsonObject;

/** Nova's words for what a vector is for, by Cohere's and Google's. */
const novaPurposes: Readonly<Record<string, string>> = table({
  search_document: 'GENERIC_INDEX',
  search_query: 'GENERIC_RETRIEVAL',
  classification: 'CLASSIFICATION',
  clustering: 'CLUSTERING',
});

const noDimensions = ({ dimensions, context }: Wanted): void => {
  if (dimensions !== undefined) context.lacks('dimensions', `${context.model} has one length of vectors`);
};

const noPurpose = ({ purpose, context }: Wanted): void => {
  if (purpose !== undefined) context.drop('input_type', `${context.model} makes no difference`);
};

/** A picture where OpenAI's format has a text: as a data URL. */
const pictureIn = (text: string): { mediaType: string; data: string } | undefined => {
  const parsed = text.startsWith('data:') ? parseDataUrl(text) : undefined;
  return parsed?.mediaType?.startsWith('image/') ? parsed : undefined;
};

const writers: Readonly<Record<Family, Writer>> = {
  titan(wanted) {
    noPurpose(wanted);
    return compact({ inputText: wanted.texts[0]!, dimensions: wanted.dimensions, ...wanted.rest });
  },
  'titan-v1'(wanted) {
    noPurpose(wanted);
    noDimensions(wanted);
    return { inputText: wanted.texts[0]!, ...wanted.rest };
  },
  'titan-image'(wanted) {
    noPurpose(wanted);
    const { texts, dimensions, rest } = wanted;
    const picture = pictureIn(texts[0]!);
    const config = dimensions === undefined ? {} : { embeddingConfig: { outputEmbeddingLength: dimensions } };
    return { ...(picture ? { inputImage: picture.data } : { inputText: texts[0]! }), ...config, ...rest };
  },
  nova({ texts, dimensions, purpose, rest }) {
    const picture = pictureIn(texts[0]!);
    const { singleEmbeddingParams: own, ...others } = rest;
    const content = picture
      ? { image: { format: picture.mediaType.slice('image/'.length).replace('jpg', 'jpeg'), source: { bytes: picture.data } } }
      : { text: { truncationMode: 'END', value: texts[0]! } };
    return {
      schemaVersion: 'nova-multimodal-embed-v1',
      taskType: 'SINGLE_EMBEDDING',
      singleEmbeddingParams: compact({
        embeddingPurpose: purpose === undefined ? 'GENERIC_INDEX' : (novaPurposes[purpose] ?? purpose),
        embeddingDimension: dimensions,
        ...content,
        ...(own as JsonObject | undefined),
      }),
      ...others,
    };
  },
  cohere({ texts, dimensions, purpose, rest, context }) {
    // Version 3 has one length of vectors.
    const fixed = /embed-(?:english|multilingual)/.test(context.model);
    if (fixed && dimensions !== undefined) context.lacks('dimensions', `${context.model} has one length of vectors`);
    const picture = texts.length === 1 ? pictureIn(texts[0]!) : undefined;
    return compact({
      ...(picture ? { images: texts } : { texts }),
      // The purpose must be said; most texts are to be found later.
      input_type: purpose ?? (picture && fixed ? 'image' : 'search_document'),
      output_dimension: fixed ? undefined : dimensions,
      ...rest,
    });
  },
  'marengo-2'(wanted) {
    noPurpose(wanted);
    noDimensions(wanted);
    const picture = pictureIn(wanted.texts[0]!);
    const content = picture
      ? { inputType: 'image', mediaSource: { base64String: picture.data } }
      : { inputType: 'text', inputText: wanted.texts[0]! };
    return { ...content, ...wanted.rest };
  },
  'marengo-3'(wanted) {
    noPurpose(wanted);
    noDimensions(wanted);
    const picture = pictureIn(wanted.texts[0]!);
    const content = picture
      ? { inputType: 'image', image: { mediaSource: { base64String: picture.data } } }
      : { inputType: 'text', text: { inputText: wanted.texts[0]! } };
    return { ...content, ...wanted.rest };
  },
};

/** One request to one model; as many texts as `maxInputs` says at most. @throws SluiceError `unsupported_parameter`, `invalid_request` */
export const toWire = (request: EmbeddingRequest, context: ToWireContext): JsonObject => {
  if (request.input.length === 0) throw new SluiceError('invalid_request', "'input' is empty.", { param: 'input' });
  if (request.user !== undefined) context.drop('user', 'Amazon Bedrock takes no end user');
  const { input_type, ...rest } = { ...request.extra?.['bedrock-embeddings'], ...request.extra?.['cohere-embeddings'], ...request.unknown };
  return writers[familyOf(context.model)]({
    texts: wantedTexts(request, 'Amazon Bedrock'),
    dimensions: request.dimensions,
    purpose: typeof input_type === 'string' ? input_type : undefined,
    rest,
    context,
  });
};

/** A body of Titan's or Cohere's. @throws SluiceError `invalid_request`, naming the member */
export const fromWire = (body: JsonObject, path?: PathFacts): EmbeddingRequest => {
  const { inputText, texts, dimensions, output_dimension, ...own } = body;
  return compact<EmbeddingRequest>({
    model: path?.model ?? '',
    input:
      texts === undefined
        ? [wantString(inputText, 'inputText')]
        : wantArray(texts, 'texts').map((each, at) => wantString(each, `texts[${at}]`)),
    dimensions: maybe(wantNumber, dimensions ?? output_dimension, 'dimensions'),
    unknown: {},
    extra: Object.keys(own).length > 0 ? { 'bedrock-embeddings': own } : undefined,
  });
};
