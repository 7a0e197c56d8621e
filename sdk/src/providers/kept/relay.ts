import type { FormField, JsonObject, ResourceAdapter } from '../../types/index.ts';
import { pathSegment } from '../url.ts';
import { wantFile } from './file.ts';

/** How a vendor's files differ from OpenAI's. */
export interface FilesFacts {
  /** Where uploads go. Default: `/files`. */
  uploadPath?: string;
  /** Fields of an upload besides the file, in place of the client's `purpose`. */
  fields?(body: JsonObject, filename: string): readonly FormField[];
  /** A file of the vendor's as OpenAI has it. */
  object?(file: JsonObject): JsonObject;
}

/** Files of a vendor that has them nearly as OpenAI does, for adapters that do something else with some of them. */
export const relayedFiles = ({
  uploadPath = '/files',
  fields = (body) => Object.entries(body).filter((field): field is [string, string] => typeof field[1] === 'string'),
  object = (file) => file,
}: FilesFacts = {}) =>
  ({
    'POST ': async (request, wire) => {
      const file = wantFile(request);
      const form = [...fields(request.body, file.name), ['file', file] as const];
      return { body: object(await wire.json({ url: uploadPath, form })) };
    },
    'GET ': async ({ query }, wire) => {
      const answer = await wire.json({ url: '/files', query });
      const data = Array.isArray(answer['data']) ? (answer['data'] as JsonObject[]).map(object) : [];
      return { body: { object: 'list', ...answer, data } };
    },
    'GET /{}': async ({ ids: [id = ''] }, wire) => ({ body: object(await wire.json({ url: `/files/${pathSegment(id)}` })) }),
    'DELETE /{}': async ({ ids: [id = ''] }, wire) => ({
      body: { object: 'file', ...(await wire.json({ method: 'DELETE', url: `/files/${pathSegment(id)}` })) },
    }),
    'GET /{}/content': async ({ ids: [id = ''] }, wire) => wire.stream({ url: `/files/${pathSegment(id)}/content` }),
  }) satisfies ResourceAdapter;
