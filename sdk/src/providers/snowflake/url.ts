import { SluiceError, type Speaks, type Target } from '../../types/index.ts';
import { textOption } from '../credentials.ts';
import { upstreamUrl } from '../url.ts';

const domain = '.snowflakecomputing.com';

/** Where an account is served. Account names may have underscores, host names may not: Snowflake takes hyphens for them. */
const addressOf = (target: Target): string => {
  const { provider } = target;
  const given = textOption(target, 'account_id');
  if (given === undefined) {
    throw new SluiceError(
      'invalid_request',
      `${provider.label} needs the address of your account: give api_base (baseUrl), or set SNOWFLAKE_API_BASE or SNOWFLAKE_ACCOUNT_ID.`,
      { param: 'api_base', provider: provider.id },
    );
  }
  const account = given
    .trim()
    .replace(/^https:\/\//, '')
    .replace(/\/$/, '')
    .replace(domain, '');
  // Nothing that could lead the key to another host.
  if (!/^[\w-]+(?:\.[\w-]+)*$/.test(account))
    throw new SluiceError('invalid_request', `The account id for ${provider.label} is none: it looks like myorg-myaccount.`, {
      param: 'account_id',
      provider: provider.id,
    });
  return `https://${account.replaceAll('_', '-')}${domain}`;
};

/** @throws SluiceError `invalid_request` where neither an address nor an account is known */
export const snowflakeUrl = (target: Target, speaks: Speaks, stream: boolean): string => {
  const { url: _own, ...provider } = target.provider;
  return upstreamUrl({ ...target, provider, baseUrl: target.baseUrl ?? addressOf(target) }, speaks, stream);
};
