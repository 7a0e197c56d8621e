import { SluiceError, type JsonObject, type MediaFile, type Operation } from 'sluice/kit';

/** Members that hold files in a form, and may hold them as data URLs in JSON. */
const members: { readonly [K in Operation]?: Readonly<Record<string, 'one' | 'list'>> } = {
  'image-edit': { image: 'list', mask: 'one' },
  'image-variation': { image: 'one' },
  transcription: { file: 'one' },
  translation: { file: 'one' },
  'video-create': { input_reference: 'one' },
};

/**
 * A request in JSON as an adapter wants it, with its data URLs as files.
 * @throws SluiceError `invalid_request` for anything else where a file is wanted, but the address of a video's image
 */
export const filesFromData = (body: JsonObject, operation: Operation): JsonObject => {
  const found: JsonObject = { ...body };
  for (const [name, kind] of Object.entries(members[operation] ?? {})) {
    const value = body[name];
    if (value === undefined || value === null) continue;
    const list = (Array.isArray(value) ? value : [value]).map((each) => addressOf(each, operation) ?? fileOf(each, name));
    found[name] = kind === 'list' ? list : list[0];
  }
  return found;
};

/** Vendors of videos fetch images themselves; OpenAI's clients write an object around the address. */
const addressOf = (value: unknown, operation: Operation): string | undefined => {
  if (operation !== 'video-create') return undefined;
  const text = typeof value === 'string' ? value : (value as JsonObject | null)?.['image_url'];
  return typeof text === 'string' && /^https?:\/\//.test(text) ? text : undefined;
};

/** Of a data URL, in front of its bytes. Longer ones than these are none, and would be looked through again and again. */
const maxHeadChars = 300;

const fileOf = (value: unknown, name: string): MediaFile => {
  const text = typeof value === 'string' ? value : (value as JsonObject | null)?.['image_url'];
  const match = typeof text === 'string' ? /^data:([\w.+-]+\/[\w.+-]+)(?:;[\w=.-]+)*;base64,/.exec(text.slice(0, maxHeadChars)) : null;
  if (!match) throw new SluiceError('invalid_request', `'${name}' must be a file: send a form, or a data URL in base64.`, { param: name });
  const type = match[1]!;
  const bytes = Buffer.from((text as string).slice(match[0].length), 'base64');
  return { bytes: new Blob([bytes], { type }), name: `${name}.${type.split('/')[1]!}`, type };
};
