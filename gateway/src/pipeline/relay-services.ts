import { Secret, type Provider, type Target } from 'sluice/kit';

/** Basic credentials (RFC 7617). */
const basic = (user: string, password: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

const textOf = (value: unknown): string => (value instanceof Secret ? value.reveal() : typeof value === 'string' ? value : '');

const withKey = (target: Target, headers: (key: string) => Record<string, string>): Record<string, string> =>
  target.apiKey ? headers(target.apiKey.reveal()) : {};

/** What LiteLLM relays to besides providers of models (reference: LiteLLM v1.104): rows of the same form, which speak no format of ours. */
export const relayServices: readonly Provider[] = [
  {
    id: 'cursor',
    label: 'Cursor',
    baseUrl: 'https://api.cursor.com',
    baseUrlEnv: ['CURSOR_API_BASE'],
    // The key is the user's name, the password is empty.
    auth: { kind: 'custom', headers: (target) => withKey(target, (key) => basic(key, '')) },
    keyEnv: ['CURSOR_API_KEY'],
    speaks: {},
    source: 'https://docs.cursor.com/en/account/teams/admin-api, 2026-11-22',
  },
  {
    id: 'eu.assemblyai',
    label: 'AssemblyAI (EU)',
    baseUrl: 'https://api.eu.assemblyai.com',
    auth: { kind: 'header', name: 'authorization' },
    keyEnv: ['ASSEMBLYAI_API_KEY'],
    speaks: {},
    source: 'https://www.assemblyai.com/docs/api-reference/overview, 2026-11-22',
  },
  {
    id: 'langfuse',
    label: 'Langfuse',
    baseUrl: 'https://cloud.langfuse.com',
    baseUrlEnv: ['LANGFUSE_HOST', 'LANGFUSE_BASE_URL'],
    auth: {
      kind: 'custom',
      headers: (target) => withKey(target, (secret) => basic(textOf(target.options?.['langfuse_public_key']), secret)),
    },
    keyEnv: ['LANGFUSE_SECRET_KEY'],
    optionsEnv: { langfuse_public_key: ['LANGFUSE_PUBLIC_KEY'] },
    speaks: {},
    source: 'https://langfuse.com/docs/api-and-data-platform/features/public-api, 2026-11-22',
  },
  {
    id: 'milvus',
    label: 'Milvus',
    baseUrlEnv: ['MILVUS_API_BASE'],
    auth: { kind: 'bearer' },
    keyEnv: ['MILVUS_API_KEY'],
    speaks: {},
    source: 'https://milvus.io/api-reference/restful/v2.6.x/About.md, 2026-11-22',
  },
];
