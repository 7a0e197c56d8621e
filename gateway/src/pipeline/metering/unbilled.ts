/** Calls of these are not billed by what is asked, so that a prompt is not what their answers cost where usage is missing. */
export const byOtherMeasures: ReadonlySet<string> = new Set([
  'images_generations',
  'images_edits',
  'images_variations',
  'audio_transcriptions',
  'audio_translations',
  'audio_speech',
  'moderations',
  'ocr',
  'search',
  'videos',
  'video_remix',
]);

/** Calls of these are billed by nobody, or by what they made elsewhere: without usage of their own they cost nothing. */
export const unbilled: ReadonlySet<string> = new Set([
  'bedrock_count_tokens',
  'count_tokens',
  'gemini_count_tokens',
  'responses_count_tokens',
  'resource',
  'message_batches',
  'skills',
  'interactions',
  // Looking at a video, and fetching it: it was paid for when it was made.
  'video',
  'video_content',
  'token_counter',
  'transform_request',
]);
