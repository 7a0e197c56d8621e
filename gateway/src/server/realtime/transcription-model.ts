import type { JsonObject } from 'sluice/kit';

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const at = (value: unknown, ...names: string[]): unknown =>
  names.reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), value);

/**
 * The model that a client wants transcriptions of, where an event says it: `session.update`, and the older
 * `transcription_session.update` (https://platform.openai.com/docs/guides/realtime-transcription, read 2026-11-22).
 * Looks at the text first: most events are sound.
 */
export const transcriptionModel = (frame: string): string | undefined => {
  if (!frame.includes('session.update') || !frame.includes('transcription')) return undefined;
  let event: unknown;
  try {
    event = JSON.parse(frame);
  } catch {
    return undefined;
  }
  const type = at(event, 'type');
  if (type !== 'session.update' && type !== 'transcription_session.update') return undefined;
  const name =
    at(event, 'session', 'audio', 'input', 'transcription', 'model') ?? at(event, 'session', 'input_audio_transcription', 'model');
  return typeof name === 'string' ? name : undefined;
};
