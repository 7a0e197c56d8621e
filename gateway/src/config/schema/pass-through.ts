import { z } from 'zod';
import { boolean, describe, freeForm, number, requiredText, requiredUrl, text, texts } from './fields.ts';

/** LiteLLM's `general_settings.pass_through_endpoints[]` (reference: LiteLLM v1.104). */
const endpoint = z.strictObject({
  id: text({ about: 'A name for it, in logs. Absent: its path.' }),
  path: requiredText({ about: 'Where it is called at the gateway: `/v1/rerank`.' }),
  target: requiredUrl({ about: 'The address that calls go to.' }),
  headers: freeForm({
    about:
      "Headers of every request to the target. `os.environ/NAME` may stand anywhere in a value; `LANGFUSE_PUBLIC_KEY` and `LANGFUSE_SECRET_KEY` become Langfuse's `Authorization: Basic`.",
  }),
  default_query_params: freeForm({ about: 'Parameters of the query that a request may give itself.' }),
  include_subpath: boolean({ default: false, about: 'Paths below `path` are relayed to the same paths below `target`.' }),
  cost_per_request: number({ min: 0, unit: 'US dollars', about: 'What one call costs.' }),
  timeout: number({ min: 0, unit: 'seconds', about: 'For the head of the answer, and then between two pieces of it.' }),
  auth: boolean({ default: true, about: "Callers need the gateway's key. False: anybody may call it." }),
  methods: texts({ about: 'Methods that are taken: `[GET, POST]`. Absent: all.' }),
  forward_headers: boolean({ default: false, about: "The client's own headers go on, but for keys and what concerns one connection." }),
});

export const passThroughEndpoints = describe(z.array(endpoint).optional(), {
  about: 'Paths of your own that are relayed to other services.',
});

export type PassThroughEntry = z.output<typeof endpoint>;

/** What callers may set of a deployment: a name, or names with the pattern that their values must match. */
export const clientsideParams = describe(z.array(z.union([z.string(), z.record(z.string(), z.string())])).optional(), {
  about:
    'What a request may set itself: `api_base`, `api_key`, or `{ api_base: "^https://.*\\\\.example\\\\.com/" }` with a pattern that the whole value must match. An `api_base` of a request needs its own `api_key`, and a public address.',
});

/** Hosts, or blocks of addresses: what has a slash and is no block is a URL by mistake. */
const host = z.string().refine((value) => !value.includes('/') || /^[\da-f.:]+\/\d{1,3}$/i.test(value), {
  error: 'must be a host (`files.corp.internal:8080`) or a block of addresses (`10.0.0.0/8`), and no URL',
});
export const hosts = (about: string) => describe(z.array(host).optional(), { about });
