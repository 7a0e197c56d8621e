import { blobToBase64 } from '../../lib/byte-text.ts';
import { asObject, asString } from '../../protocols/shared/read.ts';
import type { Adapter, JsonObject, TranscriptionRequest, TranscriptionResult, Wire } from '../../types/index.ts';
import { audioTypeOf } from '../media/file-type.ts';
import { typedMembers } from '../media/members.ts';
import { readTranscription } from '../media/transcription.ts';
import { askGemini, type GeminiPaths } from './prompted.ts';

/*
 * Models that listen and answer are asked to write down what they hear (ai.google.dev/gemini-api/docs/audio, read
 * 2026-11-22). They know no times that could be relied on, so forms that need them are refused.
 */

export const geminiTranscription =
  (paths: GeminiPaths): Adapter<'transcription'> =>
  (request, wire) =>
    listen(paths, request, wire, 'Write down what is said in this recording, word for word, in the language that is spoken.');

export const geminiTranslation =
  (paths: GeminiPaths): Adapter<'translation'> =>
  (request, wire) =>
    listen(paths, request, wire, 'Write down in English what is said in this recording, in whatever language that is.');

const listen = async (paths: GeminiPaths, request: TranscriptionRequest, wire: Wire, task: string): Promise<TranscriptionResult> => {
  const { language, prompt, temperature, diarize, timed, others } = readTranscription(request, wire);
  if (timed)
    wire.lacks(
      diarize || request.timestamp_granularities === undefined ? 'response_format' : 'timestamp_granularities',
      'this model tells no times',
    );
  const { generationConfig, ...own } = typedMembers(others);
  const words = [
    task,
    ...(language === undefined ? [] : [`The language that is spoken is ${language}.`]),
    ...(prompt === undefined ? [] : [`What may help: ${prompt}`]),
    'Answer with the text alone; with nothing where nothing is said.',
  ].join(' ');
  const data = await blobToBase64(request.file.bytes);
  const config: JsonObject = { ...(temperature !== undefined && { temperature }), ...asObject(generationConfig) };
  const json: JsonObject = {
    contents: [{ role: 'user', parts: [{ text: words }, { inlineData: { mimeType: audioTypeOf(request.file), data } }] }],
    ...(Object.keys(config).length > 0 && { generationConfig: config }),
    ...own,
  };
  const { parts, usage } = await askGemini(paths, json, wire);
  const text = parts
    .filter(({ thought }) => thought !== true)
    .map((part) => asString(part['text']) ?? '')
    .join('')
    .trim();
  return { text, ...(language !== undefined && { language }), ...(usage && { usage }) };
};
