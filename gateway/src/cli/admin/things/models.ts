import { json, number, text } from '../field.ts';
import type { Thing } from '../verb.ts';

const inParams = (name: string) => ['litellm_params', name];
const inInfo = (name: string) => ['model_info', name];

const fields = [
  text('model_name', 'the name that clients use'),
  json('litellm_params', 'how it is called, all of it'),
  text('model', 'provider/model', inParams('model')),
  text('api_base', "the provider's address", inParams('api_base')),
  text('api_key', "the provider's key; os.environ/NAME keeps it out of the database", inParams('api_key')),
  text('api_version', 'of the API (Azure)', inParams('api_version')),
  text('litellm_credential_name', 'a credential instead', inParams('litellm_credential_name')),
  number('rpm', 'requests a minute', inParams('rpm')),
  number('tpm', 'tokens a minute', inParams('tpm')),
  number('itpm', 'input tokens a minute', inParams('itpm')),
  number('otpm', 'output tokens a minute', inParams('otpm')),
  json('model_info', 'what is said of it'),
  text('team_id', 'only this team has it', inInfo('team_id')),
];

const id = { name: 'id', must: { match: /\S/, say: 'the id of a deployment' } } as const;

export const models: Thing = {
  name: 'models',
  help: 'deployments in the database, beside those of the file',
  verbs: [
    {
      name: 'list',
      help: 'list all deployments',
      method: 'GET',
      path: '/v1/model/info',
      rows: 'data',
      columns: [
        { title: 'name', member: 'model_name' },
        { title: 'model', member: 'litellm_params.model' },
        { title: 'id', member: 'model_info.id' },
        { title: 'in the database', member: 'model_info.db_model' },
        { title: 'team', member: 'model_info.team_id' },
      ],
    },
    {
      name: 'get',
      aliases: ['info'],
      help: 'show one',
      method: 'GET',
      path: '/v1/model/info',
      argument: { ...id, query: 'litellm_model_id' },
      thing: 'data.0',
    },
    {
      name: 'create',
      aliases: ['add'],
      help: 'add one',
      method: 'POST',
      path: '/model/new',
      fields: [...fields, text('id', 'its id', inInfo('id'))],
    },
    { name: 'update', help: 'change one; what is not named stays', method: 'PATCH', path: '/model/{id}/update', argument: id, fields },
    { name: 'delete', help: 'delete one', method: 'POST', path: '/model/delete', argument: { ...id, body: 'id' } },
  ],
};
