import type { Fetch } from '../transport/fetch-transport.ts';
import type { FallbackTarget, RouteRequest } from '../router/index.ts';
import type { Deadlines, Provider, Transport } from '../types/index.ts';
import type { Router } from './router.ts';

/** What is Sluice's own in a call, beside the request's body. All of it is optional. */
export interface CallOptions {
  /** The provider's key. A list is used in turn, and a bad one rests. Default: the provider's environment variable. */
  apiKey?: string | readonly string[];
  /** Another address of the provider, or any server that speaks its format. */
  baseUrl?: string;
  /** Azure. */
  apiVersion?: string;
  /** The provider, where the model's name does not say it. */
  customProvider?: string;
  /** Providers of one's own (`defineProvider`); one that is called as a built-in one takes its place. Keep the list: it is looked through once. */
  providers?: readonly Provider[];
  /** What a provider needs besides a key, in LiteLLM's names: `aws_region_name`, `aws_role_name`, `vertex_project`, `tenant_id`, ... */
  providerOptions?: Readonly<Record<string, unknown>>;
  /** Sent with the request. */
  headers?: Readonly<Record<string, string>>;
  /** The whole call, all tries together, in milliseconds. Default: an hour. */
  timeoutMs?: number;
  /** Each deadline by itself. */
  deadlines?: Partial<Deadlines>;
  /** Tries after the first, of what is safe to try again. Default 2. */
  maxRetries?: number;
  /** Models that are asked one after another where this one fails, with the keys of the environment or, with `router`, its names. */
  fallbacks?: readonly (string | FallbackTarget)[];
  /** Picks among deployments of its own: `model` is one of its names. */
  router?: Router;
  /** What a router's deployments are chosen by: tags, a session, regions, ... */
  route?: RouteRequest;
  /** Parameters that the provider lacks are left out instead of refused. */
  dropParams?: boolean;
  /** Parameters that are passed on although the provider is not known to take them. */
  allowParams?: readonly string[];
  /** Answer with this, without the provider: a text, a whole answer, or an error. */
  mockResponse?: unknown;
  /** Cancels the call, and the provider's work with it. */
  signal?: AbortSignal;
  /** How requests are sent. Default: the runtime's `fetch`. */
  fetch?: Fetch;
  /** Instead of `fetch`. */
  transport?: Transport;
  /** Where keys are looked for. Default: the runtime's environment. */
  env?: Readonly<Record<string, string | undefined>>;
}

const optionNames = [
  'apiKey',
  'baseUrl',
  'apiVersion',
  'customProvider',
  'providers',
  'providerOptions',
  'headers',
  'timeoutMs',
  'deadlines',
  'maxRetries',
  'fallbacks',
  'router',
  'route',
  'dropParams',
  'allowParams',
  'mockResponse',
  'signal',
  'fetch',
  'transport',
  'env',
] as const satisfies readonly (keyof CallOptions)[];

// A name that is missing above would be sent to the provider: this fails to compile then.
type Missing = Exclude<keyof CallOptions, (typeof optionNames)[number]>;
const _allNamed: Missing extends never ? true : never = true;

/** Splits what a caller gave into Sluice's options and the body for the provider. */
export const splitRequest = (request: object): { options: CallOptions; body: { [member: string]: unknown } } => {
  const options: { [name: string]: unknown } = {};
  const body: { [member: string]: unknown } = { ...request };
  for (const name of optionNames) {
    if (!(name in body)) continue;
    options[name] = body[name];
    delete body[name];
  }
  return { options: options as CallOptions, body };
};
