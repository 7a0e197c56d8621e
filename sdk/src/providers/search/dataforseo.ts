import { toBase64 } from '../../lib/base64-text.ts';
import type { Target } from '../../types/index.ts';
import { missingKey, textOption } from '../credentials.ts';
import { searchProvider } from './provider.ts';

/** Login and password, or both as the key: `login:password`. */
const basic = (target: Target): Record<string, string> => {
  const given = target.apiKey?.reveal();
  const [login, password] = [textOption(target, 'dataforseo_login'), textOption(target, 'dataforseo_password')];
  const pair = given?.includes(':') ? given : login !== undefined && password !== undefined ? `${login}:${password}` : undefined;
  if (pair === undefined) throw missingKey(target.provider, ' as login:password, or set DATAFORSEO_LOGIN and DATAFORSEO_PASSWORD');
  return { authorization: `Basic ${toBase64(pair)}` };
};

export const dataforseo = searchProvider(
  {
    id: 'dataforseo',
    label: 'DataForSEO',
    baseUrl: 'https://api.dataforseo.com/v3',
    baseUrlEnv: ['DATAFORSEO_API_BASE'],
    baseUrlRules: { append: '/v3', strip: ['/serp/google/organic/live/advanced'] },
    auth: { kind: 'custom', headers: basic },
    keyEnv: ['DATAFORSEO_API_KEY'],
    optionsEnv: { dataforseo_login: ['DATAFORSEO_LOGIN'], dataforseo_password: ['DATAFORSEO_PASSWORD'] },
    credentialOptions: ['dataforseo_password'],
    servedWith: [['DATAFORSEO_LOGIN'], ['DATAFORSEO_PASSWORD']],
    source: 'https://docs.dataforseo.com/v3/serp/google/organic/live/advanced, 2026-11-22',
  },
  async () => (await import('./dataforseo-search.ts')).dataforseoSearch,
);
