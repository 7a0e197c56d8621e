import { openAiUsageOf } from '../../protocols/shared/openai-usage.ts';
import { asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import type { Adapter } from '../../types/index.ts';
import { noAnswer } from '../media/failure.ts';
import { mistralOcr } from '../ocr/mistral.ts';
import { ocrResult, ownMembers, readDocument, wantInline } from '../ocr/document.ts';

/** The version of a name is for the address alone. */
export const vertexMistralOcr = mistralOcr(
  () => '/publishers/mistralai/models/{model}:rawPredict',
  (model) => model.replace(/@.*$/, ''),
);

/**
 * DeepSeek's OCR is a model of chat that answers with the page (docs.cloud.google.com/vertex-ai/generative-ai/docs/maas/
 * deepseek and the Python package litellm 1.109.1, read 2026-11-22).
 */
export const vertexDeepseekOcr: Adapter<'ocr'> = async (request, wire) => {
  const document = readDocument(request);
  if (request.pages !== undefined && request.pages !== null) wire.lacks('pages', 'it reads one image');
  if (request.include_image_base64 === true) wire.lacks('include_image_base64');
  const url = document.kind === 'document' ? wantInline(document, wire) : document.url;
  const answer = await wire.json({
    url: '/endpoints/openapi/chat/completions',
    json: {
      model: wire.model,
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
      ...ownMembers(request),
    },
  });
  const markdown = asString(asObject(asObjects(answer['choices'])[0]?.['message'])?.['content']);
  if (markdown === undefined) throw noAnswer(wire, 'a page', answer);
  return ocrResult([{ index: 0, markdown }], wire.model, { usage: openAiUsageOf(answer) });
};
