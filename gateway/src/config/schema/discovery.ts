import { isIP } from 'node:net';
import { z } from 'zod';
import { defaults } from '../defaults.ts';
import { describe, number, secret, text, texts, url } from './fields.ts';
import { partialParams } from './litellm-params.ts';
import { modelInfo, sluiceParams } from './model-list.ts';

const discoveryTypes = ['dns', 'srv', 'consul', 'etcd', 'kubernetes', 'openai_models', 'ollama'] as const;
type DiscoveryType = (typeof discoveryTypes)[number];

const ms = { unit: 'milliseconds', min: 0, int: true };

/** What an address may hold until an endpoint fills it in. */
const placeholders: readonly (readonly [string, string])[] = [
  ['{host}', 'host.test'],
  ['{port}', '1'],
  ['{model}', 'model'],
];

const filled = (written: string): string => placeholders.reduce((each, [name, value]) => each.replaceAll(name, value), written);

const template = (about: string) =>
  describe(
    z
      .string()
      .refine((value) => /^https?:\/\//i.test(value) && URL.canParse(filled(value)), {
        error: 'must be an address that begins with http:// or https://, in which {host}, {port} and {model} may stand',
      })
      .optional(),
    { about },
  );

const shape = {
  type: describe(z.enum(discoveryTypes), { about: 'Who is asked.' }),
  name: text({ about: 'What logs and metrics call it. Absent: made of the type and of what is looked for.' }),
  host: text({
    about: '`dns`: the name whose addresses are the endpoints. `srv`: the name of the records, `_vllm._tcp.example.internal`.',
  }),
  port: describe(
    z.preprocess((value) => (typeof value === 'number' ? String(value) : value), z.string().optional()),
    { about: "`dns`: the endpoints' port. `kubernetes`: their port, or the name of one; absent: the first that the service has." },
    { type: ['integer', 'string'] },
  ),
  servers: texts({ about: '`dns`, `srv`: addresses of DNS servers (`10.0.0.2`, `10.0.0.2:5353`) instead of those of the machine.' }),
  address: url({
    about:
      'Where its HTTP API is. `consul`: default http://127.0.0.1:8500; `etcd`: default http://127.0.0.1:2379; `kubernetes`: default the API server of the pod; `openai_models`, `ollama`: the server whose models are listed.',
  }),
  service: text({ about: "`consul`, `kubernetes`: the service's name." }),
  tags: texts({ about: '`consul`: only instances that have all of these.' }),
  datacenter: text({ about: '`consul`: absent, that of the agent.' }),
  namespace: text({ about: "`kubernetes`: absent, the pod's own. `consul`: of the Enterprise version." }),
  prefix: text({ about: '`etcd`: each key below it is an endpoint.' }),
  username: text({ about: '`etcd`: who signs in.' }),
  password: secret({ about: '`etcd`: the password.' }),
  token: secret({
    about:
      "`consul`: the ACL token. `kubernetes`: absent, that of the pod's service account. `openai_models`, `ollama`: absent, the `api_key` of `litellm_params`.",
  }),
  token_file: text({ about: '`kubernetes`: a file with the token, which is read again for each request.' }),
  ca_file: text({ about: "Certificate authorities in PEM, instead of the built-in ones. `kubernetes`: absent, the pod's." }),
  models: texts({ about: '`openai_models`, `ollama`: only models that fit one of these (`llama*`).' }),
  interval_ms: number({
    ...ms,
    min: 1000,
    default: defaults.discoveryIntervalMs,
    about:
      '`dns`, `srv`, `openai_models`, `ollama`: between two looks. A shorter time to live of a DNS record holds, but for less than 5 s.',
  }),
  timeout_ms: number({ ...ms, min: 100, default: defaults.discoveryTimeoutMs, about: 'Of one request to it, or one look-up of a name.' }),
  grace_ms: number({
    ...ms,
    about:
      'How long an endpoint that is not listed any more is kept. Default: 30000 for `dns` and `srv`, whose answers may be partial, and 0 for the others.',
  }),
  max_endpoints: number({
    min: 1,
    max: 10_000,
    int: true,
    default: defaults.discoveryMaxEndpoints,
    about: 'What is listed beyond it is not taken. Answers of more than 8 KiB for each are refused.',
  }),
  model_name: text({
    about:
      'What clients ask for. `{model}` is the model that the source says; for `openai_models` and `ollama` `*` is as well, and it is the default.',
  }),
  litellm_params: describe(
    partialParams
      .extend({
        model: text({
          about: '`provider/model`. Default for `openai_models`: `hosted_vllm/{model}`, for `ollama`: `ollama_chat/{model}`.',
        }),
        api_base: template('The address with `{host}` and `{port}`: `http://{host}:{port}/v1`. For model lists: by default `address`.'),
        base_url: template('The same as `api_base`.'),
      })
      .optional(),
    { about: 'How each endpoint is reached, as in `model_list`; `{host}`, `{port}` and `{model}` are filled in, at any depth.' },
  ),
  model_info: modelInfo,
  sluice_params: sluiceParams,
};

const common = [
  'type',
  'name',
  'timeout_ms',
  'grace_ms',
  'max_endpoints',
  'model_name',
  'litellm_params',
  'model_info',
  'sluice_params',
] as const;

/** What each type takes beside what all do. */
const fieldsOf: Readonly<Record<DiscoveryType, { needs: readonly string[]; takes: readonly string[] }>> = {
  dns: { needs: ['host', 'port', 'model_name'], takes: ['servers', 'interval_ms'] },
  srv: { needs: ['host', 'model_name'], takes: ['servers', 'interval_ms'] },
  consul: { needs: ['service', 'model_name'], takes: ['address', 'tags', 'datacenter', 'namespace', 'token', 'ca_file'] },
  etcd: { needs: ['prefix', 'model_name'], takes: ['address', 'username', 'password', 'ca_file'] },
  kubernetes: { needs: ['service', 'model_name'], takes: ['address', 'namespace', 'port', 'token', 'token_file', 'ca_file'] },
  openai_models: { needs: ['address'], takes: ['token', 'ca_file', 'models', 'interval_ms'] },
  ollama: { needs: ['address'], takes: ['token', 'ca_file', 'models', 'interval_ms'] },
};

export const isModelList = (type: DiscoveryType): boolean => type === 'openai_models' || type === 'ollama';

type Wrong = (path: readonly (string | number)[], message: string) => void;

const checkEntry = (entry: z.output<z.ZodObject<typeof shape>>, wrong: Wrong): void => {
  const { type, litellm_params: params = {} } = entry;
  const { needs, takes } = fieldsOf[type];
  for (const [key, value] of Object.entries(entry)) {
    if (value !== undefined && ![...common, ...needs, ...takes].includes(key)) wrong([key], `has no meaning where the type is ${type}`);
  }
  for (const key of needs) {
    if ((entry as Record<string, unknown>)[key] === undefined || (entry as Record<string, unknown>)[key] === '')
      wrong([key], `is needed where the type is ${type}`);
  }
  if (entry.host !== undefined && /[:/\s]/.test(entry.host)) wrong(['host'], 'must be a name, without a scheme and a port');
  for (const [at, server] of (entry.servers ?? []).entries())
    if (server !== undefined && !isServer(server)) wrong(['servers', at], 'must be an IP address, with a port or without');
  if (type === 'dns' && entry.port !== undefined && !isPort(entry.port)) wrong(['port'], 'must be a port from 1 to 65535');
  if (type === 'kubernetes' && entry.port !== undefined && !isPort(entry.port) && !/^[a-z0-9-]{1,63}$/.test(entry.port))
    wrong(['port'], 'must be a port from 1 to 65535, or the name of one');
  if (entry.model_info?.id !== undefined) wrong(['model_info', 'id'], 'has no meaning here: each endpoint has an id of its own');
  if (type === 'etcd' && (entry.username === undefined) !== (entry.password === undefined))
    wrong([entry.username === undefined ? 'password' : 'username'], 'needs the other of `username` and `password`');
  if (isModelList(type)) return;
  if (params.model === undefined) wrong(['litellm_params', 'model'], 'is missing');
  const base = params.api_base ?? params.base_url;
  if (base === undefined || !base.includes('{host}'))
    wrong(['litellm_params', base === undefined || params.api_base !== undefined ? 'api_base' : 'base_url'], 'must hold {host}');
};

/** `10.0.0.2`, `10.0.0.2:53`, `fd00::2`, `[fd00::2]:53`. */
const isServer = (text: string): boolean => {
  const [, v6, v4, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? [];
  return isIP(v6 ?? v4 ?? text) !== 0 && (port === undefined || isPort(port));
};

const isPort = (text: string): boolean => /^[1-9]\d{0,4}$/.test(text) && Number(text) < 65_536;

const discoveryEntry = z.strictObject(shape).superRefine((entry, context) => {
  checkEntry(entry, (path, message) => context.addIssue({ code: 'custom', path: [...path], message }));
});

/** Undefined: one that a variable is missing for, see `leaveOutUnset`. */
export const discovery = describe(z.array(discoveryEntry.optional()).optional(), {
  about: 'Where deployments are found while the gateway runs: DNS, Consul, etcd, Kubernetes, and the model lists of servers of your own.',
});
export type DiscoveryEntry = z.output<typeof discoveryEntry>;
