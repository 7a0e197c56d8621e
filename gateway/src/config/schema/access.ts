import { isIP } from 'node:net';
import { z } from 'zod';
import { boolean, describe, number, secret, texts } from './fields.ts';

/** Whether a text is an IP address, or a network such as `10.0.0.0/8`. */
export const isNetwork = (text: string): boolean => {
  const [address = '', bits, ...rest] = text.trim().split('/');
  const version = isIP(address);
  return (
    version !== 0 && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 6 ? 128 : 32)))
  );
};

/** Checked here: a list that cannot be read would keep everybody out. */
const networks = (about: string) =>
  describe(
    z.array(z.string().refine(isNetwork, { error: 'must be an address or a network (10.0.0.0/8)' })).optional(),
    { about },
    { type: 'array', items: { type: 'string' } },
  );

/** Members of `general_settings` that say who may come in, and where it is written down who they are. */
export const accessShape = {
  database_url: secret({
    about:
      'Where keys, teams and users are kept: `postgresql://…` or `sqlite:/path`. Absent: DATABASE_URL, else a file in the data directory.',
  }),
  database_connection_pool_limit: number({ min: 1, max: 1000, int: true, default: 10, about: 'The most connections to PostgreSQL.' }),
  database_connection_timeout: number({ min: 0, unit: 'seconds', default: 5, about: 'How long a connection to PostgreSQL may take.' }),
  user_api_key_cache_ttl: number({
    min: 0,
    unit: 'seconds',
    default: 60,
    about: 'How long what is known of a key is not read again. Changes are pushed to every gateway at once; this is for what is missed.',
  }),
  allow_requests_on_db_unavailable: boolean({
    default: true,
    about: 'Keys that are known work while the database is away, as long as `db_unavailable_grace` says. Others get 503, never 401.',
  }),
  db_unavailable_grace: number({
    min: 0,
    unit: 'seconds',
    default: 3600,
    about: 'How long known keys work while the database is away.',
  }),
  allowed_ips: networks('Addresses and networks (`10.0.0.0/8`) that may call. Absent: all.'),
  use_x_forwarded_for: boolean({
    default: false,
    about: 'The caller’s address is taken from `x-forwarded-for`, which a proxy before the gateway writes.',
  }),
  trusted_proxy_ranges: networks(
    'Addresses and networks of the proxies before the gateway. Absent: only the last entry of `x-forwarded-for` is believed.',
  ),
  allowed_routes: texts({ about: 'The routes that are served at all: paths, `/prefix/*` or groups of routes. Absent: all.' }),
  admin_only_routes: texts({ about: 'Routes that only proxy admins may call: paths, `/prefix/*` or groups of routes.' }),
  public_routes: texts({ about: 'Routes of calls that need no key: paths, `/prefix/*` or groups of routes.' }),
  enforce_user_param: boolean({ default: false, about: 'Calls of models must say for which end user they are (`user`).' }),
  enforced_params: texts({ about: 'Members that each call of a model must have: `user`, `metadata.generation_name`.' }),
  reject_clientside_metadata_tags: boolean({
    default: false,
    about: 'Calls with tags of their own (`metadata.tags`, `tags`) are refused.',
  }),
} as const;
