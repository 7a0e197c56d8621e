import { SluiceError } from 'sluice/kit';
import { z } from 'zod';
import type { AdminContext } from '../admin-route.ts';
import { publicUrl } from '../sign-on/browser.ts';
import { scimAnswer } from './answers.ts';
import { groupSchema, listSchema, maxCount, userSchema } from './schemas.ts';
import { scimBase, scimRoute } from './scim-route.ts';

const attribute = (name: string, type: string, more: Record<string, unknown> = {}) => ({
  name,
  type,
  multiValued: false,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
  ...more,
});

const schemas = [
  {
    id: userSchema,
    name: 'User',
    description: 'A user of the gateway',
    attributes: [
      attribute('userName', 'string', { required: true, uniqueness: 'server' }),
      attribute('externalId', 'string', { caseExact: true }),
      attribute('displayName', 'string'),
      attribute('name', 'complex', { subAttributes: [attribute('givenName', 'string'), attribute('familyName', 'string')] }),
      attribute('emails', 'complex', {
        multiValued: true,
        subAttributes: [attribute('value', 'string'), attribute('type', 'string'), attribute('primary', 'boolean')],
      }),
      attribute('active', 'boolean'),
      attribute('groups', 'complex', {
        multiValued: true,
        mutability: 'readOnly',
        subAttributes: [
          attribute('value', 'string', { mutability: 'readOnly' }),
          attribute('display', 'string', { mutability: 'readOnly' }),
        ],
      }),
    ],
  },
  {
    id: groupSchema,
    name: 'Group',
    description: 'A team of the gateway',
    attributes: [
      attribute('displayName', 'string', { required: true }),
      attribute('externalId', 'string', { caseExact: true }),
      attribute('members', 'complex', {
        multiValued: true,
        subAttributes: [
          attribute('value', 'string', { mutability: 'immutable', caseExact: true }),
          attribute('$ref', 'reference', { mutability: 'readOnly' }),
        ],
      }),
    ],
  },
] as const;

const types = [
  { id: 'User', name: 'User', endpoint: '/Users', schema: userSchema, description: 'Users of the gateway' },
  { id: 'Group', name: 'Group', endpoint: '/Groups', schema: groupSchema, description: 'Teams of the gateway' },
] as const;

type Context = Pick<AdminContext, 'headers' | 'url' | 'services' | 'actor'>;

const withMeta = <T extends { readonly id: string }>(context: Context, one: T, resourceType: string) => ({
  schemas: [`urn:ietf:params:scim:schemas:core:2.0:${resourceType}`],
  ...one,
  meta: { resourceType, location: `${publicUrl(context)}${scimBase}/${resourceType}s/${one.id}` },
});

const listOf = (resources: readonly object[]): Response =>
  scimAnswer({
    schemas: [listSchema],
    totalResults: resources.length,
    startIndex: 1,
    itemsPerPage: resources.length,
    Resources: resources,
  });

const ignored = z.looseObject({});

export const serviceProviderConfig = scimRoute({
  method: 'GET',
  path: '/ServiceProviderConfig',
  query: ignored,
  summary: 'What of SCIM there is.',
  handle: async (context) =>
    scimAnswer({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
      patch: { supported: true },
      bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
      filter: { supported: true, maxResults: maxCount },
      changePassword: { supported: false },
      sort: { supported: false },
      etag: { supported: true },
      authenticationSchemes: [
        { type: 'oauthbearertoken', name: 'Key', description: 'A key of the gateway, as Authorization: Bearer', primary: true },
      ],
      meta: { resourceType: 'ServiceProviderConfig', location: `${publicUrl(context)}${scimBase}/ServiceProviderConfig` },
    }),
});

export const resourceTypes = scimRoute({
  method: 'GET',
  path: '/ResourceTypes',
  query: ignored,
  summary: 'The kinds of resources that there are.',
  handle: async (context) => listOf(types.map((each) => withMeta(context, each, 'ResourceType'))),
});

export const resourceType = scimRoute({
  method: 'GET',
  path: '/ResourceTypes/{resource_type_id}',
  query: ignored,
  summary: 'One kind of resource.',
  handle: async (context) => scimAnswer(withMeta(context, theOne(types, context.params['resource_type_id']!), 'ResourceType')),
});

export const schemaList = scimRoute({
  method: 'GET',
  path: '/Schemas',
  query: ignored,
  summary: 'What resources are like.',
  handle: async (context) => listOf(schemas.map((each) => withMeta(context, each, 'Schema'))),
});

export const schemaOne = scimRoute({
  method: 'GET',
  path: '/Schemas/{schema_id}',
  query: ignored,
  summary: 'What one kind of resource is like.',
  handle: async (context) => scimAnswer(withMeta(context, theOne(schemas, context.params['schema_id']!), 'Schema')),
});

export const scimRoot = scimRoute({
  method: 'GET',
  path: '',
  query: ignored,
  summary: 'The kinds of resources that there are.',
  handle: async (context) => listOf(types.map((each) => withMeta(context, each, 'ResourceType'))),
});

const theOne = <T extends { readonly id: string }>(all: readonly T[], id: string): T => {
  const found = all.find((each) => each.id.toLowerCase() === id.toLowerCase());
  if (!found) throw new SluiceError('not_found', `There is no ${JSON.stringify(id.slice(0, 200))} here.`);
  return found;
};
