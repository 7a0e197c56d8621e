import { isObject } from '../shared/read.ts';

/** More than this of one answer are not remembered: the last ones are what a conversation goes on from. */
const maxIds = 16;

const isEncrypted = (item: unknown): item is { id: string } =>
  isObject(item) && typeof item['encrypted_content'] === 'string' && item['encrypted_content'] !== '' && typeof item['id'] === 'string';

/**
 * Ids of items whose content its maker encrypted (reasoning, and what was compacted), in the `output` of an answer or the
 * `input` of a request; the newest first. Undefined: none.
 */
export const encryptedIdsOf = (items: unknown): readonly string[] | undefined => {
  if (!Array.isArray(items)) return undefined;
  let ids: string[] | undefined;
  for (let at = items.length - 1; at >= 0 && (ids?.length ?? 0) < maxIds; at--) {
    const item: unknown = items[at];
    if (isEncrypted(item)) (ids ??= []).push(item.id);
  }
  return ids;
};
