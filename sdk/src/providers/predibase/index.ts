import { SluiceError, type Provider, type Speaks, type Target } from '../../types/index.ts';
import { textOption } from '../credentials.ts';
import { openaiFormats } from '../speaks.ts';
import { checkedUrl, pathSegment } from '../url.ts';

/*
 * Predibase by its OpenAI-compatible path, which has roles, tools and usage; `/generate` beside it takes one text
 * (https://docs.predibase.com/user-guide/inference/migrate-openai, read 2026-11-22). The deployment stands in the path,
 * and `model` in the body is the adapter on top of it, or empty.
 */

const host = 'https://serving.app.predibase.com';

/** `deployment:adapter-repo/3` -> both. */
const partsOf = (model: string): { deployment: string; adapter: string } => {
  const at = model.indexOf(':');
  return at === -1 ? { deployment: model, adapter: '' } : { deployment: model.slice(0, at), adapter: model.slice(at + 1) };
};

/** What stands before the deployment's name; people also paste a whole address. */
const rootOf = (target: Target): string => {
  const given = target.baseUrl === undefined ? undefined : checkedUrl(target.baseUrl, target.provider);
  if (given && given.pathname !== '/') return given.origin + given.pathname.replace(/\/deployments\/.*$|\/+$/, '');
  const tenant = textOption(target, 'tenant_id');
  if (tenant !== undefined) return `${given?.origin ?? host}/${pathSegment(tenant)}`;
  throw new SluiceError('invalid_request', 'Predibase needs your tenant: give tenant_id, or set PREDIBASE_TENANT_ID.', {
    param: 'tenant_id',
    provider: target.provider.id,
  });
};

/** @throws SluiceError `invalid_request` where nothing says whose deployment it is */
const url = (target: Target, speaks: Speaks): string =>
  `${rootOf(target)}/deployments/v2/llms/${pathSegment(partsOf(target.model).deployment)}/v1${speaks.path}`;

const withAdapter: Pick<Speaks, 'dialect'> = { dialect: ({ model }) => ({ members: { model: partsOf(model).adapter } }) };
const { chat, completions } = openaiFormats('chat', 'completions');

export const predibase: Provider = Object.freeze({
  id: 'predibase',
  label: 'Predibase',
  baseUrlEnv: ['PREDIBASE_API_BASE'],
  auth: { kind: 'bearer' },
  keyEnv: ['PREDIBASE_API_KEY', 'PREDIBASE_API_TOKEN'],
  optionsEnv: { tenant_id: ['PREDIBASE_TENANT_ID'] },
  servedWith: [['PREDIBASE_API_KEY', 'PREDIBASE_API_TOKEN'], ['PREDIBASE_TENANT_ID']],
  speaks: { chat: { ...chat!, ...withAdapter }, completions: { ...completions!, ...withAdapter } },
  quirks: {
    rename: { max_completion_tokens: 'max_tokens' },
    lacks: ['allowed_tools', 'custom_tools'],
    developerRole: 'system',
  },
  url,
  source: 'https://docs.predibase.com/user-guide/inference/migrate-openai, 2026-11-22',
} satisfies Provider);
