import type { ImagePart } from '../../types/index.ts';

/** How the usual image formats begin, in base64: Ollama names no media types. */
const beginnings: readonly (readonly [string, string])[] = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp'],
  ['Qk', 'image/bmp'],
];

export const readImage = (data: string): ImagePart => ({
  type: 'image',
  source: { kind: 'base64', data, mediaType: beginnings.find(([start]) => data.startsWith(start))?.[1] ?? 'image/png' },
});
