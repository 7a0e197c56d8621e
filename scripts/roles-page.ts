import { permissions, permits, teamMemberPermissions, usualMemberPermissions, type Action } from '../gateway/src/access/permissions.ts';
import type { Relation } from '../gateway/src/access/relations.ts';
import { adminRoutes } from '../gateway/src/server/admin/index.ts';

/** Columns: somebody, and all that they are to a thing. */
const columns: readonly (readonly [title: string, ...relations: Relation[]])[] = [
  ['proxy admin', 'proxy_admin', 'internal_user'],
  ['proxy viewer', 'proxy_admin_viewer', 'viewer'],
  ['organization admin', 'org_admin', 'org_member', 'internal_user'],
  ['in the organization', 'org_member', 'internal_user'],
  ['team admin', 'team_admin', 'team_member', 'internal_user'],
  ['team member, if the team lets them', 'team_permission', 'team_member', 'internal_user'],
  ['team member', 'team_member', 'internal_user'],
  ['whose it is', 'self', 'owner', 'internal_user'],
  ['whose it is, as a viewer', 'self', 'viewer'],
  ['the key itself', 'itself'],
  ['any other key', 'internal_user'],
];

const actions = Object.keys(permissions) as Action[];

const cells = (action: Action): string =>
  columns.map(([, ...relations]) => (permits(action, new Set<Relation>(['anyone', ...relations])) ? '●' : '')).join(' | ');

const routesOf = (action: Action): string =>
  adminRoutes
    .filter((route) => route.action === action && !route.open)
    .map(({ method, paths }) => `\`${method} ${paths[0]}\``)
    .join(', ');

const allowed = Object.entries(teamMemberPermissions)
  .map(([path, action]) => `| \`${path}\` | \`${action}\` | ${usualMemberPermissions.includes(path) ? 'yes' : ''} |`)
  .join('\n');

const open = adminRoutes.filter((route) => route.open).map(({ method, paths }) => `\`${method} ${paths[0]}\``);

/** Who may do what to whose things, for people. */
export const rolesPage = (): string => `# Who may do what

<!-- Made by \`npm run docs\` from gateway/src/access/permissions.ts. Do not edit. -->

Each route of the admin API is a row of this table, and a caller may use it if one of the things that they are to what the request is about has a mark. What is in no row may not be done by anybody. It is decided on the route that was matched and on whose the thing is, never on the text of the path.

Roles of people are \`proxy_admin\`, \`proxy_admin_viewer\`, \`internal_user\` and \`internal_user_viewer\` (\`user_role\` of a user). Beside it, a person has a place in teams (\`admin\`, \`user\`) and in organizations (\`org_admin\`, \`internal_user\`, \`internal_user_viewer\`). The master key is a proxy admin. A key is its user; a key without a user (a service account), or whose user is gone, is nobody but itself.

- **A viewer changes nothing**, not even their own things, and whatever place they have in a team or an organization.
- **Who may not see a thing gets the same 403 whether it is there or not.** Lists leave out what may not be seen, and their totals do not count it.
- **Nobody can give what they do not have.** The table says who may make or change a thing; what may be written into it is bounded member by member: a key's limits, models and routes by the key and the person that make it, a team's by its organization, roles by one's own. What a key, a team or an organization may use is looked at again at each call, all of them together.
- A key with \`allowed_routes\`, or of another \`key_type\` than \`default\`, may call those routes alone, whoever it belongs to ([keys](keys.md)).

## The table

The last column is a person or key that has nothing to do with the thing, and the proxy's own things are nobody's.

| action | ${columns.map(([title]) => title).join(' | ')} |
|---|${columns.map(() => '---|').join('')}
${actions.map((action) => `| \`${action}\` | ${cells(action)} |`).join('\n')}

Where a mark in the last column stands for a list (\`key.list\`, \`team.list\`), everybody may ask, and gets what they may see.

## What a team lets its members do

\`team_member_permissions\` of a team (\`POST /team/permissions_update\`) names what members who are not its admins may do with its keys. A team that says nothing lets them do what is marked.

| permission | action | usual |
|---|---|---|
${allowed}

## Routes of each action

| action | routes |
|---|---|
${actions
  .filter((action) => routesOf(action) !== '')
  .map((action) => `| \`${action}\` | ${routesOf(action)} |`)
  .join('\n')}

Calls of models are \`llm.call\`; lists of models and what is known of them \`models.see\`; \`/health\` and its like \`model.health\`.

Without a key: ${open.join(', ')} (signing in, and what may be shown to anybody), \`GET /\`, \`/metrics\`, \`/health/liveness\`, \`/health/readiness\`, \`/public/providers\` and \`/public/endpoints\`, and what \`general_settings.public_routes\` opens among the calls of models. It opens no route of the admin API.
`;
