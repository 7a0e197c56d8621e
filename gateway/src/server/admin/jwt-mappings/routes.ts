import { SluiceError } from 'sluice/kit';
import { hashOfNamed } from '../../../access/keys/secret.ts';
import { kinds } from '../../../access/records/kinds.ts';
import { notFound, type Writing } from '../../../access/store/writing.ts';
import { adminRoute } from '../admin-route.ts';
import { changed, filled } from '../patch.ts';
import { mappingsQuery, namedMapping, newMapping, updatedMapping } from './schemas.ts';
import { mappingShown } from './shown.ts';

export const createMapping = adminRoute({
  method: 'POST',
  paths: ['/jwt/key/mapping/new'],
  action: 'jwt_mapping.write',
  body: newMapping,
  summary: 'Lets tokens with a claim of a certain value count as a key.',
  handle: async ({ body: { key, description, ...claim }, store, actor }) => {
    const mapping = await store.write(actor, async (writing) => {
      const key_id = await knownKey(writing, key);
      if (await writing.first(kinds.jwtMapping, { is: { claim: claim.jwt_claim_name, value: claim.jwt_claim_value } }))
        throw new SluiceError('conflict', 'There is already a mapping for this value of this claim.', {
          param: 'jwt_claim_value',
          retry: false,
        });
      return writing.insert(kinds.jwtMapping, crypto.randomUUID(), { ...claim, key_id, ...filled({ description }), is_active: true });
    });
    return mappingShown(mapping);
  },
});

export const updateMapping = adminRoute({
  method: 'POST',
  paths: ['/jwt/key/mapping/update'],
  action: 'jwt_mapping.write',
  body: updatedMapping,
  summary: "Changes a mapping's key or description, or switches it off and on.",
  handle: async ({ body: { id, key, description, is_active }, store, actor }) => {
    const mapping = await store.write(actor, async (writing) => {
      const key_id = key == null ? undefined : await knownKey(writing, key);
      return writing.update(kinds.jwtMapping, id, (data) => changed(data, { key_id, description, is_active: is_active ?? undefined }));
    });
    return mappingShown(mapping);
  },
});

export const mappingInfo = adminRoute({
  method: 'GET',
  paths: ['/jwt/key/mapping/info'],
  action: 'jwt_mapping.see',
  query: namedMapping,
  summary: 'Shows a mapping.',
  handle: async ({ query: { id }, store }) => {
    const mapping = await store.get(kinds.jwtMapping, id);
    if (!mapping) throw notFound(kinds.jwtMapping, id);
    return mappingShown(mapping);
  },
});

export const listMappings = adminRoute({
  method: 'GET',
  paths: ['/jwt/key/mapping/list'],
  action: 'jwt_mapping.see',
  query: mappingsQuery,
  summary: 'Lists mappings, the newest first.',
  handle: async ({ query: { page, size }, store }) => {
    const { rows, total } = await store.page(kinds.jwtMapping, { page, size, descending: true });
    return { mappings: rows.map(mappingShown), total_count: total, current_page: page, total_pages: Math.ceil(total / size) };
  },
});

export const deleteMapping = adminRoute({
  method: 'POST',
  paths: ['/jwt/key/mapping/delete'],
  action: 'jwt_mapping.write',
  body: namedMapping,
  summary: 'Deletes a mapping.',
  handle: async ({ body: { id }, store, actor }) => {
    if (!(await store.write(actor, (writing) => writing.remove(kinds.jwtMapping, id)))) throw notFound(kinds.jwtMapping, id);
    return { status: 'success' };
  },
});

/** @throws SluiceError `invalid_request` */
const knownKey = async (writing: Writing, named: string): Promise<string> => {
  const hash = hashOfNamed(named);
  if (!(await writing.get(kinds.key, hash)))
    throw new SluiceError('invalid_request', 'There is no such key: give the key itself, or its hash.', { param: 'key' });
  return hash;
};
