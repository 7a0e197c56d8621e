import type { Env, Provider, Target } from 'sluice/kit';
import { SluiceError } from 'sluice/kit';
import { reveal } from '../../config/reveal.ts';
import type { PassThroughEndpoint } from '../../config/snapshot.ts';

const reference = /os\.environ\/([A-Za-z_]\w*)/g;
const langfuseKeys = ['LANGFUSE_PUBLIC_KEY', 'LANGFUSE_SECRET_KEY'] as const;

/**
 * The headers that an endpoint of the configuration adds, names in lower case. References may stand within a value
 * (`Bearer os.environ/KEY`); two names are Langfuse's keys, which make its `Authorization` (LiteLLM's rule).
 * @throws SluiceError `internal` that names a variable which is not set
 */
const headersOf = (endpoint: PassThroughEndpoint, env: Env): Record<string, string> => {
  const result: Record<string, string> = {};
  const given = reveal(endpoint.headers);
  for (const [name, value] of Object.entries(given)) {
    result[name.toLowerCase()] = value.replaceAll(reference, (_, variable: string) => {
      const found = env[variable];
      if (found !== undefined) return found;
      throw new SluiceError(
        'internal',
        `The relay of ${endpoint.path} needs the environment variable ${variable}, which is not set where the gateway runs.`,
        { retry: false },
      );
    });
  }
  const [user = '', password = ''] = langfuseKeys.map((name) => result[name.toLowerCase()] ?? '');
  if (user === '' && password === '') return result;
  for (const name of langfuseKeys) delete result[name.toLowerCase()];
  return { ...result, authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
};

/** An endpoint of the configuration as a target: it has the whole address, and its headers are all the credentials that there are. */
export const endpointTarget = (endpoint: PassThroughEndpoint, env: Env): Target => {
  const provider: Provider = {
    id: 'pass_through',
    label: endpoint.name,
    auth: { kind: 'none' },
    keyEnv: [],
    speaks: {},
    relay: { url: (_, path) => (path === '/' ? endpoint.target : withPath(endpoint.target, path)) },
    source: "the operator's own configuration",
  };
  return { provider, model: '', headers: headersOf(endpoint, env) };
};

/** A target may have a query of its own. */
const withPath = (target: string, path: string): string => {
  const [base = '', query] = target.split('?', 2);
  return query === undefined ? base + path : `${base}${path}?${query}`;
};
