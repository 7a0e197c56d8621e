import { json, text } from '../field.ts';
import type { Thing } from '../verb.ts';

const fields = [
  json('credential_values', `'{"api_key": "..."}'; better with --data @file`),
  json('credential_info', `what is said of it: '{"description": "..."}'`),
];

const name = { name: 'name', must: { match: /\S/, say: 'the name of a credential' } } as const;

export const credentials: Thing = {
  name: 'credentials',
  help: "providers' keys, which models name",
  verbs: [
    {
      name: 'list',
      help: 'list credentials',
      method: 'GET',
      path: '/credentials',
      rows: 'credentials',
      columns: [
        { title: 'name', member: 'credential_name' },
        { title: 'values', member: 'credential_values' },
        { title: 'info', member: 'credential_info' },
      ],
    },
    {
      name: 'get',
      aliases: ['info'],
      help: 'show one, without its secrets',
      method: 'GET',
      path: '/credentials/by_name/{name}',
      argument: name,
    },
    {
      name: 'create',
      help: 'keep one, sealed',
      method: 'POST',
      path: '/credentials',
      argument: { ...name, body: 'credential_name' },
      fields: [...fields, text('model_id', 'take them from this deployment')],
      body: { credential_info: {} },
    },
    {
      name: 'update',
      help: 'change one',
      method: 'PATCH',
      path: '/credentials/{name}',
      argument: { ...name, body: 'credential_name' },
      fields,
      body: { credential_values: {}, credential_info: {} },
    },
    { name: 'delete', help: 'delete one', method: 'DELETE', path: '/credentials/{name}', argument: name },
  ],
};
