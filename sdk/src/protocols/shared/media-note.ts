import type { AudioPart, FilePart, ImagePart, MediaSource, Part, VideoPart } from '../../types/index.ts';

/** The parts that only some formats have a place for in an answer. */
export type MediaPart = ImagePart | VideoPart | FilePart | AudioPart;

export const isMedia = (part: Part): part is MediaPart =>
  part.type === 'image' || part.type === 'audio' || part.type === 'video' || part.type === 'file';

const note = (kind: string, source: MediaSource): string =>
  source.kind === 'url' && !source.url.startsWith('data:')
    ? `![${kind}](${source.url})`
    : `[${kind}${source.mediaType ? ` (${source.mediaType})` : ''}: cannot be carried in this format]`;

/**
 * The text in place of media that a format's answers cannot hold, so that a client is at least told that there was some,
 * and where, if it has a URL. Of sound it is what was said; empty where that is still to come.
 */
export const describeMedia = (part: MediaPart): string => {
  if (part.type === 'audio') return part.transcript || (part.source ? note('audio', part.source) : '');
  return note(part.type === 'file' ? (part.filename ?? 'file') : part.type, part.source);
};
