import { flag, number, text, texts } from '../field.ts';
import type { Thing } from '../verb.ts';
import { limitFields, pageFields } from './limits.ts';

const fields = [
  text('user_email', 'their e-mail'),
  text('user_alias', 'a name for them'),
  text('user_role', 'proxy_admin, proxy_admin_viewer, internal_user or internal_user_viewer'),
  ...limitFields,
];

const user = { name: 'user', must: { match: /\S/, say: 'the id of a user' } } as const;

export const users: Thing = {
  name: 'users',
  help: 'people',
  verbs: [
    {
      name: 'list',
      help: 'list users',
      method: 'GET',
      path: '/user/list',
      fields: [...pageFields, text('role', 'with this role'), text('user_email', 'whose e-mail holds this'), text('team', 'in this team')],
      rows: 'users',
      columns: [
        { title: 'user', member: 'user_id' },
        { title: 'e-mail', member: 'user_email' },
        { title: 'alias', member: 'user_alias' },
        { title: 'role', member: 'user_role' },
        { title: 'keys', member: 'key_count', right: true },
        { title: 'spend', member: 'spend', right: true },
        { title: 'budget', member: 'max_budget', right: true },
      ],
    },
    {
      name: 'get',
      aliases: ['info'],
      help: 'show one',
      method: 'GET',
      path: '/user/info',
      argument: { ...user, query: 'user_id', optional: true },
      thing: 'user_info',
    },
    {
      name: 'create',
      help: 'make one',
      method: 'POST',
      path: '/user/new',
      fields: [text('user_id', 'their id'), ...fields, texts('teams', 'that they are in'), flag('auto_create_key', 'make a key as well')],
      body: { auto_create_key: false },
    },
    {
      name: 'update',
      help: 'change one; what is not named stays',
      method: 'POST',
      path: '/user/update',
      argument: { ...user, body: 'user_id' },
      fields: [...fields, number('spend', 'set it')],
    },
    {
      name: 'delete',
      help: 'delete some, with their keys',
      method: 'POST',
      path: '/user/delete',
      argument: { ...user, body: 'user_ids', list: true },
    },
    {
      name: 'invite',
      help: 'make a link with which they choose a password',
      method: 'POST',
      path: '/invitation/new',
      argument: { ...user, body: 'user_id' },
    },
  ],
};
