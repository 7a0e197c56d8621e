import { isObject, SluiceError, type JsonObject, type Needs, type RouteRequest } from 'sluice/kit';
import { cachePrefixOf } from './cache-prefix.ts';
import { BodyNeeds } from './needs.ts';
import { sessionOf, userOf } from './session-of.ts';

/** Members of a body that are read here and are the gateway's own: they must not go to the provider. */
export const routingMembers = [
  'allowed_model_region',
  'litellm_metadata',
  'litellm_session_id',
  'litellm_trace_id',
  'priority',
  'tags',
] as const;

/** A request's body, as the client sent it. */
export interface Said {
  /** Of whichever kind of call; without one (a form, a GET) an empty one. */
  readonly body: JsonObject;
  /** Of the body's text. Absent: not known. */
  readonly length?: number | undefined;
  /** Names of the members that are the client format's own here, and not the gateway's: Cohere's `priority`. */
  readonly theirs?: readonly string[] | undefined;
  /** Where the conversation lives that it goes on with. */
  readonly homeDeploymentId?: string | undefined;
  /** Which deployment encrypted what it carries. */
  readonly encryptedByDeploymentId?: string | undefined;
}

/** What is read, and what is known besides. */
export interface RouteFacts extends Said {
  readonly headers: Headers;
  readonly stream: boolean;
  readonly caller?: string | undefined;
  /** Where the call does not say. */
  readonly defaultPriority?: number | undefined;
}

/** Tags of a request that count, and how long each may be. */
const [maxTags, maxTagLength] = [64, 256];
/** Of each list that tags are looked for in. */
const maxListed = 1000;
const maxRegions = 32;
const lastPriority = 255;

/**
 * What a client's request tells the router. Everything is read when it is first asked for: a call that nothing depends on
 * costs nothing.
 * @throws SluiceError `invalid_request`, from a member that is asked for and has the wrong type
 */
export const routeRequestOf = (said: RouteFacts): RouteRequest => new ClientRoute(said);

class ClientRoute implements RouteRequest {
  readonly #said: RouteFacts;
  readonly stream: boolean;
  readonly homeDeploymentId?: string | undefined;
  readonly encryptedByDeploymentId?: string | undefined;
  readonly caller?: string | undefined;
  readonly needs: () => Needs;
  readonly cachePrefix: () => string | undefined;
  #needs: Needs | undefined;
  #prefix: { text: string | undefined } | undefined;
  #tags: readonly string[] | undefined;
  #regions: { names: readonly string[] | undefined } | undefined;
  #session: { id: string | undefined } | undefined;

  constructor(said: RouteFacts) {
    this.#said = said;
    this.stream = said.stream;
    this.homeDeploymentId = said.homeDeploymentId;
    this.encryptedByDeploymentId = said.encryptedByDeploymentId;
    this.caller = said.caller;
    // Functions of their own, since whoever asks takes them out of the object.
    this.needs = () => (this.#needs ??= new BodyNeeds(said.body, said.length ?? 0));
    this.cachePrefix = () => (this.#prefix ??= { text: cachePrefixOf(said.body) }).text;
  }

  get tags(): readonly string[] {
    return (this.#tags ??= tagsOf(this.#said));
  }

  get userAgent(): string | undefined {
    return this.#said.headers.get('user-agent') ?? undefined;
  }

  get regions(): readonly string[] | undefined {
    return (this.#regions ??= { names: regionsOf(this.#said) }).names;
  }

  get maxInputUsdPerMillion(): number | undefined {
    return usd('x-sluice-max-input-usd-per-million', this.#said.headers);
  }

  get maxOutputUsdPerMillion(): number | undefined {
    return usd('x-sluice-max-output-usd-per-million', this.#said.headers);
  }

  get sessionId(): string | undefined {
    return (this.#session ??= { id: sessionOf(this.#said.body, this.#said.headers) }).id;
  }

  get user(): string | undefined {
    return userOf(this.#said.body);
  }

  get priority(): number | undefined {
    return priorityOf(this.#said);
  }
}

/** `null` is how many clients say "not given". */
const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

const wrong = (name: string, wanted: string): SluiceError =>
  new SluiceError('invalid_request', `'${name}' must be ${wanted}.`, { param: name });

const listed = (text: string | null): string[] =>
  text === null
    ? []
    : text
        .split(',')
        .map((each) => each.trim())
        .filter((each) => each !== '');

/** `metadata` may be the provider's own: what is no list of tags there is none of ours. */
const ofMetadata = (metadata: unknown): unknown[] => {
  const tags = isObject(metadata) ? metadata['tags'] : undefined;
  return Array.isArray(tags) ? tags.slice(0, maxListed) : [];
};

const ofBody = ({ body, theirs }: Said): unknown[] => {
  const tags = theirs?.includes('tags') ? undefined : body['tags'];
  if (typeof tags === 'string') return [tags];
  return Array.isArray(tags) ? tags.slice(0, maxListed) : [];
};

/** Tags that a call brings whose body is relayed unread. */
export const tagsOfHeaders = (headers: Headers): readonly string[] | undefined => {
  const found = tagsOf({ body: {}, headers, stream: false });
  return found.length === 0 ? undefined : found;
};

const tagsOf = (said: RouteFacts): readonly string[] => {
  const { body, headers } = said;
  const header = headers.get('x-litellm-tags');
  const { tags, metadata, litellm_metadata } = body;
  // Most calls have none.
  if (header === null && tags === undefined && metadata === undefined && litellm_metadata === undefined) return none;
  const all = [...ofBody(said), ...ofMetadata(metadata), ...ofMetadata(litellm_metadata), ...listed(header)];
  const found = new Set(all.filter((each): each is string => typeof each === 'string' && each !== '' && each.length <= maxTagLength));
  return found.size === 0 ? none : [...found].slice(0, maxTags);
};

const none: readonly string[] = [];

/** Unlike tags, what cannot be read is refused: a call must not leave the regions that it was to stay in. */
const regionsOf = ({ body, headers }: RouteFacts): readonly string[] | undefined => {
  const member = body['allowed_model_region'];
  const header = listed(headers.get('x-sluice-allowed-regions'));
  if (!isGiven(member)) return checked(header, 'x-sluice-allowed-regions');
  const names = checked(typeof member === 'string' ? listed(member) : member, 'allowed_model_region');
  if (names === undefined) throw wrong('allowed_model_region', 'a region, or a list of them');
  // Both are limits, so both hold.
  return header.length === 0 ? names : both(names, checked(header, 'x-sluice-allowed-regions')!);
};

const checked = (names: unknown, param: string): readonly string[] | undefined => {
  if (
    !Array.isArray(names) ||
    names.length > maxRegions ||
    names.some((each) => typeof each !== 'string' || each === '' || each.length > 64)
  )
    throw wrong(param, 'a region, or a list of them');
  return names.length === 0 ? undefined : (names as string[]);
};

/** Where two lists of regions meet; nowhere is a name that no place has. */
const both = (one: readonly string[], other: readonly string[]): readonly string[] => {
  const shared = one.filter((each) => other.includes(each));
  return shared.length > 0 ? shared : [`${one.join('+')} and ${other.join('+')}`];
};

const usd = (name: string, headers: Headers): number | undefined => {
  const text = headers.get(name);
  if (text === null) return undefined;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value) || value < 0) throw wrong(name, 'a number of at least 0');
  return value;
};

const priorityOf = ({ body, headers, theirs, defaultPriority }: RouteFacts): number | undefined => {
  const read = (theirs?.includes('priority') ? undefined : numberOf(body['priority'])) ?? numberOf(headers.get('x-litellm-priority'));
  return read === undefined ? defaultPriority : Math.min(lastPriority, Math.max(0, Math.floor(read)));
};

const numberOf = (value: unknown): number | undefined => {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
};

/**
 * Looks at a member that may not be asked for before it is too late to say that it is wrong: a request must not be refused
 * on a busy day alone.
 * @throws SluiceError `invalid_request`
 */
export const checkRoutingMember = (name: string, value: unknown): void => {
  if (!isGiven(value)) return;
  if (name === 'priority' && numberOf(value) === undefined) throw wrong(name, `a number from 0 (first) to ${lastPriority}`);
  if (name === 'tags' && typeof value !== 'string' && !Array.isArray(value)) throw wrong(name, 'a list of strings');
};
