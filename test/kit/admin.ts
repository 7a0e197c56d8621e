import { Secret } from 'sluice/kit';
import { describeDatabases } from './describe-databases.ts';
import { Store } from '../../gateway/src/access/store/store.ts';
import { loadConfig } from '../../gateway/src/config/load.ts';
import { createSealer, saltKeysOf } from '../../gateway/src/storage/sealed/index.ts';
import type { Database } from '../../gateway/src/storage/sql/index.ts';
import { createServer } from '../../gateway/src/server/index.ts';

/** A gateway with a database, for the tests of the admin API. */
export interface TestAdmin {
  readonly url: string;
  readonly masterKey: string;
  /** Its own view of the database, beside the gateway's. */
  readonly store: Store;
  /** Parsed log lines. */
  readonly lines: Record<string, unknown>[];
  /** @param route `POST /key/generate` */
  call(route: string, body?: unknown, options?: CallOptions): Promise<Answer>;
  /** The same, for what must succeed. @throws Error with the answer where it does not */
  ok<T = Record<string, unknown>>(route: string, body?: unknown, options?: CallOptions): Promise<T>;
  /** A call of a model. */
  chat(model: string, key: string, more?: Record<string, unknown>): Promise<Answer>;
  reload(yaml: string): void;
  stop(): Promise<void>;
}

export interface CallOptions {
  /** Default: the master key; '': none. */
  key?: string;
  headers?: Record<string, string>;
}

interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read what they expect, and fail where it is not there
  readonly json: any;
  readonly headers: Headers;
}

export interface StartOptions {
  /** The configuration file. Default: two models that answer by themselves. */
  config?: string;
  env?: Record<string, string>;
  /** With commas between them; the first one seals. */
  saltKeys?: string;
  /** Another gateway, whose database it shares. */
  beside?: TestAdmin;
  /** Where keys are kept besides (`ServerOptions.writeKey`). */
  writeKey?: (name: string, key: string) => Promise<void>;
  deleteKey?: (name: string) => Promise<void>;
}

export const masterKey = 'sk-admin-test-5d1f2f5f6c0e4c8e9a7b';

const usualConfig = `
model_list:
  - { model_name: gpt-4o, litellm_params: { model: mock/hello } }
  - { model_name: claude-sonnet, litellm_params: { model: mock/hello } }
  - { model_name: embedding-small, litellm_params: { model: mock/hello } }
`;

/** Runs a suite on every database that there is. */
export const describeAdmin = (
  name: string,
  suite: (start: (options?: StartOptions) => Promise<TestAdmin>, kind: Database['kind']) => void,
): void =>
  describeDatabases(name, (open) => {
    const databases = new WeakMap<TestAdmin, string>();
    suite(async (options = {}) => {
      const shared = options.beside && databases.get(options.beside);
      const database = await (shared === undefined ? open() : open.another(shared));
      const admin = await startAdmin(database, options);
      databases.set(admin, open.urlOf(database));
      return admin;
    }, open.kind);
  });

const startAdmin = async (
  database: Awaited<ReturnType<Parameters<Parameters<typeof describeDatabases>[1]>[0]>>,
  options: StartOptions = {},
): Promise<TestAdmin> => {
  const { config = usualConfig, env = {}, saltKeys = 'a-salt-key-for-tests-only', writeKey, deleteKey } = options;
  const snapshotOf = (text: string) => {
    const loaded = loadConfig(text, { file: 'test.yaml', env });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    return loaded.snapshot;
  };
  const lines: Record<string, unknown>[] = [];
  const server = createServer({
    snapshot: snapshotOf(config),
    host: '127.0.0.1',
    port: 0,
    masterKey: new Secret(masterKey),
    env,
    log: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
    version: 'test',
    database,
    sealer: createSealer({ keys: saltKeysOf(saltKeys) }),
    ...(writeKey && { writeKey }),
    ...(deleteKey && { deleteKey }),
  });
  const call = async (route: string, body?: unknown, { key = masterKey, headers = {} }: CallOptions = {}): Promise<Answer> => {
    const [method, path] = route.split(' ') as [string, string];
    const response = await fetch(server.url + path, {
      method,
      headers: {
        ...(key !== '' && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, json: text === '' ? undefined : parse(text), headers: response.headers };
  };
  return {
    url: server.url,
    masterKey,
    store: new Store(database),
    lines,
    call,
    async ok<T>(route: string, body?: unknown, how?: CallOptions) {
      const { status, json } = await call(route, body, how);
      if (status >= 300) throw new Error(`${route}: ${status} ${JSON.stringify(json)}`);
      return json as T;
    },
    chat: (model, key, more = {}) =>
      call('POST /v1/chat/completions', { model, messages: [{ role: 'user', content: 'hi' }], ...more }, { key }),
    reload: (yaml) => server.reload({ snapshot: snapshotOf(yaml), masterKey: new Secret(masterKey) }),
    stop: () => server.stop({ drainTimeoutMs: 1000 }),
  };
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
