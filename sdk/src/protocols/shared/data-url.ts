/** What `data:image/png;base64,...` holds. */
export interface DataUrl {
  mediaType: string;
  /** Base64, as it came. */
  data: string;
}

/** Reads a base64 data URL; undefined for any other URL, and for one with parameters that could not be written back. */
export const parseDataUrl = (url: string): DataUrl | undefined => {
  if (!url.startsWith('data:')) return undefined;
  const comma = url.indexOf(',');
  // The head is short; a megabyte of data behind it is not searched.
  const head = comma === -1 ? '' : url.slice(5, comma);
  if (!head.endsWith(';base64')) return undefined;
  const mediaType = head.slice(0, -7);
  return mediaType === '' || mediaType.includes(';') ? undefined : { mediaType, data: url.slice(comma + 1) };
};

export const toDataUrl = ({ mediaType, data }: DataUrl): string => `data:${mediaType};base64,${data}`;
