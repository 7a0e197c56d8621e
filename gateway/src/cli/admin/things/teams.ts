import { flag, json, number, text, texts } from '../field.ts';
import type { Thing } from '../verb.ts';
import { limitFields } from './limits.ts';

const fields = [
  text('team_alias', 'a name for it'),
  text('organization_id', 'which it belongs to'),
  ...limitFields,
  json('model_aliases', 'names of its own'),
  json('model_rpm_limit', 'by model'),
  json('model_tpm_limit', 'by model'),
  texts('tags', 'of all its calls'),
  texts('team_member_permissions', 'what members may do with its keys'),
  number('team_member_budget', 'US dollars that each member may spend'),
  text('team_member_budget_duration', 'when that begins anew'),
  flag('blocked', 'nobody may use it'),
];

const team = { name: 'team', must: { match: /\S/, say: 'the id of a team' } } as const;

const member = [
  text('user_id', 'who', ['member', 'user_id']),
  text('user_email', 'who, by their e-mail', ['member', 'user_email']),
  text('role', 'user or admin', ['member', 'role']),
  number('max_budget_in_team', 'US dollars that they may spend in it'),
];

export const teams: Thing = {
  name: 'teams',
  help: 'teams and their members',
  verbs: [
    {
      name: 'list',
      help: 'list teams',
      method: 'GET',
      path: '/team/list',
      fields: [text('user_id', 'that this user is in'), text('organization_id', 'of this organisation')],
      rows: '',
      columns: [
        { title: 'team', member: 'team_id' },
        { title: 'alias', member: 'team_alias' },
        { title: 'organisation', member: 'organization_id' },
        { title: 'models', member: 'models' },
        { title: 'members', member: 'members_with_roles.length', right: true },
        { title: 'spend', member: 'spend', right: true },
        { title: 'budget', member: 'max_budget', right: true },
        { title: 'blocked', member: 'blocked' },
      ],
    },
    {
      name: 'get',
      aliases: ['info'],
      help: 'show one',
      method: 'GET',
      path: '/team/info',
      argument: { ...team, query: 'team_id' },
      thing: 'team_info',
    },
    { name: 'create', help: 'make one', method: 'POST', path: '/team/new', fields: [text('team_id', 'its id'), ...fields] },
    {
      name: 'update',
      help: 'change one; what is not named stays',
      method: 'POST',
      path: '/team/update',
      argument: { ...team, body: 'team_id' },
      fields,
    },
    {
      name: 'delete',
      help: 'delete some, with their keys',
      method: 'POST',
      path: '/team/delete',
      argument: { ...team, body: 'team_ids', list: true },
    },
    { name: 'block', help: 'block one', method: 'POST', path: '/team/block', argument: { ...team, body: 'team_id' } },
    { name: 'unblock', help: 'unblock one', method: 'POST', path: '/team/unblock', argument: { ...team, body: 'team_id' } },
    {
      name: 'add-member',
      help: 'put somebody into it',
      method: 'POST',
      path: '/team/member_add',
      argument: { ...team, body: 'team_id' },
      fields: member,
      body: { member: { role: 'user' } },
    },
    {
      name: 'update-member',
      help: 'change the place of somebody in it',
      method: 'POST',
      path: '/team/member_update',
      argument: { ...team, body: 'team_id' },
      fields: [
        text('user_id', 'who'),
        text('user_email', 'who, by their e-mail'),
        text('role', 'user or admin'),
        number('max_budget_in_team', 'US dollars that they may spend in it'),
        number('tpm_limit', 'tokens a minute'),
        number('rpm_limit', 'requests a minute'),
      ],
    },
    {
      name: 'remove-member',
      help: 'take somebody out of it',
      method: 'POST',
      path: '/team/member_delete',
      argument: { ...team, body: 'team_id' },
      fields: [text('user_id', 'who'), text('user_email', 'who, by their e-mail')],
    },
  ],
};
