import { SluiceError, type Provider, type Speaks, type Target } from '../types/index.ts';

/** A base URL as it is used: `url` without a trailing slash, `query` without its question mark. */
interface BaseUrl {
  url: string;
  query: string;
}

/**
 * The URL of a request.
 * @throws SluiceError `invalid_request` where the base URL is missing or is none
 */
export const upstreamUrl = (target: Target, speaks: Speaks, stream: boolean): string =>
  target.provider.url?.(target, speaks, stream) ?? templateUrl(target, speaks, stream);

/** Base URL and path, for a vendor that has URLs of its own for some calls alone. */
export const templateUrl = (target: Target, speaks: Speaks, stream: boolean): string =>
  joinUrl(baseUrlOf(target), fillPath((stream ? speaks.streamPath : undefined) ?? speaks.path, target));

/** A parameter of the base that the path sets itself (a whole URL was pasted) is not said twice. */
const joinUrl = ({ url, query }: BaseUrl, path: string): string => {
  if (query === '') return url + path;
  const [, own] = path.split('?');
  if (own === undefined) return `${url}${path}?${query}`;
  const names = new Set(new URLSearchParams(own).keys());
  const rest = query.split('&').filter((each) => !names.has(each.split('=')[0]!));
  return [url + path, ...rest].join('&');
};

const fillPath = (path: string, target: Target): string =>
  path.includes('{')
    ? path
        .replaceAll('{model}', () => pathSegment(target.model))
        .replaceAll('{modelPath}', () => pathSegments(target.model))
        .replaceAll('{apiVersion}', () => encodeURIComponent(target.apiVersion ?? ''))
        .replaceAll(/\{(\w+)\}/g, (whole, name: string) => optionSegment(name, target) ?? whole)
    : path;

/**
 * An option that stands in the path (a product, a project). What is none stays: whoever made the path fills it in.
 * @throws SluiceError `invalid_request` where it is missing
 */
const optionSegment = (name: string, { provider, options }: Target): string | undefined => {
  const value = options?.[name];
  if (typeof value === 'string') return pathSegment(value);
  const variables = provider.optionsEnv?.[name];
  if (!variables) return undefined;
  throw new SluiceError('invalid_request', `${provider.label} needs ${name}: give it, or set ${variables.join(' or ')}.`, {
    param: name,
    provider: provider.id,
  });
};

/**
 * A name as one segment of a path: it can neither leave its place (`/`, `..`) nor begin a query.
 * @throws SluiceError `invalid_request`
 */
export const pathSegment = (name: string): string => {
  if (name === '' || name === '.' || name === '..')
    throw new SluiceError('invalid_request', `'${name}' cannot be a model's name here.`, { param: 'model' });
  return encodeURIComponent(name.toWellFormed());
};

/** A name such as `owner/model` as so many segments of a path. @throws SluiceError `invalid_request` */
export const pathSegments = (name: string): string => name.split('/').map(pathSegment).join('/');

/** Parsed once a target: they live as long as a configuration, and a request must not pay for it. */
const parsed = new WeakMap<Target, BaseUrl>();

/** @throws SluiceError `invalid_request` */
export const baseUrlOf = (target: Target): BaseUrl => {
  let base = parsed.get(target);
  if (!base) parsed.set(target, (base = parseBaseUrl(target.baseUrl, target.provider)));
  return base;
};

const parseBaseUrl = (given: string | undefined, provider: Provider): BaseUrl => {
  if (given === undefined) {
    if (provider.baseUrl !== undefined) return { url: provider.baseUrl, query: '' };
    const env = provider.baseUrlEnv?.length ? `, or set ${provider.baseUrlEnv.join(' or ')}` : '';
    throw new SluiceError('invalid_request', `${provider.label} has no address of its own: give its base URL (api_base, baseUrl)${env}.`, {
      param: 'api_base',
      provider: provider.id,
    });
  }
  const url = checkedUrl(given, provider);
  let path = url.pathname;
  const endings = [
    ...(provider.baseUrlRules?.strip ?? []),
    ...Object.values(provider.speaks).flatMap(({ path: own, streamPath }) => [own, streamPath ?? own]),
  ];
  for (let before = ''; before !== path;) {
    before = path;
    path = path.replace(/\/+$/, '');
    for (const ending of endings) path = withoutEnding(path, ending);
  }
  return { url: url.origin + (path === '' ? (provider.baseUrlRules?.append ?? '') : path), query: url.search.slice(1) };
};

/** People paste the whole URL of a call; what is left is the base. `{model}` in an ending stands for any name, `{modelPath}` for one or two. */
const withoutEnding = (path: string, ending: string): string => {
  const plain = ending.split('?')[0]!;
  if (!plain.includes('{')) return path.endsWith(plain) ? path.slice(0, path.length - plain.length) : path;
  const pattern = plain
    .replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&')
    .replaceAll(/\{(\w+)\}/g, (_, what) => (what === 'modelPath' ? '[^/]+(?:/[^/]+)?' : '[^/]+'));
  return path.replace(new RegExp(`${pattern}$`), '');
};

/** Query parameters that hold a credential: in a URL it would reach logs and proxies (FP-26). */
const secretParameters = ['key', 'api_key', 'api-key', 'apikey', 'token', 'access_token'];

/**
 * A base URL that may be used at all. The message never repeats it: it may hold what nobody should see.
 * @throws SluiceError `invalid_request`
 */
export const checkedUrl = (given: string, provider: Pick<Provider, 'id' | 'label'>): URL => {
  const refuse = (why: string) =>
    new SluiceError('invalid_request', `The base URL for ${provider.label} ${why}.`, {
      param: 'api_base',
      provider: provider.id,
      retry: false,
    });
  let url: URL;
  try {
    url = new URL(given.trim());
  } catch {
    throw refuse(/^[\w.-]+(:\d+)?(\/|$)/.test(given.trim()) ? 'lacks its scheme: begin it with https:// or http://' : 'is not a URL');
  }
  // `localhost:8080` parses as a URL of the scheme `localhost`.
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse('must begin with https:// or http://');
  if (url.username !== '' || url.password !== '')
    throw refuse('holds a user name or password: give credentials as api_key or headers instead');
  if (secretParameters.some((name) => url.searchParams.has(name))) throw refuse('holds a key in its query: give it as api_key instead');
  if (url.hash !== '') throw refuse("has a fragment ('#...'), which is never sent");
  return url;
};
