import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Counters } from '../load/mock-upstream.ts';
import { start, treeOf, type Child } from './processes.ts';
import { chatBody, key, masterKey } from '../load/request.ts';
import { vendors, type Vendor } from '../load/vendors.ts';
import { freePort, waitFor } from './wait.ts';

export interface Server {
  port: number;
  child: Child;
}

export interface Upstream extends Server {
  counters(): Promise<Counters>;
}

export interface Gateway extends Server {
  /** The process that answers; the launcher, if it stays, is its parent. */
  pid: number;
  /** From the command to the first answer, in milliseconds. */
  startMs: number;
}

export interface StartSettings {
  directory: string;
  core: number | undefined;
}

export const startUpstream = async ({ core }: StartSettings, { tickMs = 4, events = 100 } = {}): Promise<Upstream> => {
  const port = freePort();
  const script = join(import.meta.dir, '../load/mock-upstream.ts');
  const child = start([process.execPath, script, '--port', String(port), '--tick-ms', String(tickMs), '--events', String(events)], {
    core,
    read: true,
  });
  await child.line(5000);
  return { port, child, counters: async () => (await (await fetch(`http://127.0.0.1:${port}/counters`)).json()) as Counters };
};

/** nginx as the plainest proxy there is: what moving the bytes costs. */
export const startNginx = async ({ directory, core }: StartSettings, upstream: Server): Promise<Server> => {
  const port = freePort();
  const file = join(directory, 'nginx.conf');
  writeFileSync(
    file,
    `worker_processes 1; daemon off; master_process off; pid ${directory}/nginx.pid; error_log ${directory}/nginx.log;
events { worker_connections 8192; }
http {
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path ${directory}/body; proxy_temp_path ${directory}/proxy; fastcgi_temp_path ${directory}/f; uwsgi_temp_path ${directory}/u; scgi_temp_path ${directory}/s;
  upstream mock { server 127.0.0.1:${upstream.port}; keepalive 512; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    client_max_body_size 0;
    client_body_buffer_size 1m;
    location / { proxy_pass http://mock; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; }
  }
}
`,
  );
  const child = start(['nginx', '-p', directory, '-c', file], { core, logFile: join(directory, 'nginx.out') });
  await waitFor('nginx', async () => (await fetch(`http://127.0.0.1:${port}/counters`)).ok, 5000);
  return { port, child };
};

/** A model of each vendor, by its name; `slow`: OpenAI's with an event a second. */
const configOf = (upstream: Server, slow: Server | undefined, master: string): string => `
model_list:
${Object.entries<Vendor>(vendors)
  .map(([name, { params }]) => `  - { model_name: ${name}, litellm_params: ${params(originOf(upstream))} }`)
  .join('\n')}
${slow ? `  - { model_name: slow, litellm_params: ${vendors.same.params(originOf(slow))} }` : ''}
general_settings:
  master_key: ${master}
`;

const originOf = ({ port }: Server): string => `http://127.0.0.1:${port}`;

export interface GatewaySettings extends StartSettings {
  /** `gateway/bin/sluice.js`, of this checkout or another. */
  launcher: string;
  /** Calls have the master key, and not a virtual one with limits and a budget. */
  byMaster: boolean;
}

export const startGateway = async (
  { directory, core, launcher, byMaster }: GatewaySettings,
  upstream: Server,
  slow?: Server,
): Promise<Gateway> => {
  const port = freePort();
  // Apart from the log: the gateway watches the folder of its configuration.
  const configDirectory = join(directory, `gateway-${port}`);
  mkdirSync(configDirectory);
  const file = join(configDirectory, 'config.yaml');
  const logFile = join(directory, `gateway-${port}.log`);
  writeFileSync(file, configOf(upstream, slow, byMaster ? key : masterKey));
  const begun = performance.now();
  const child = start(['node', launcher, '--config', file, '--port', String(port)], {
    core,
    logFile,
    env: { HOME: directory, SLUICE_DATA_DIR: directory, NO_COLOR: '1' },
  });
  const attempt = async (): Promise<boolean> => {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${byMaster ? key : masterKey}`, 'content-type': 'application/json' },
      body: chatBody('same'),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.status} ${text}`);
    return true;
  };
  const exited = child.exited.then((code) => {
    throw new Error(`the gateway ended with ${code}: ${readFileSync(logFile, 'utf8').slice(-2000)}`);
  });
  await Promise.race([waitFor('the gateway', attempt, 10_000, 2), exited]);
  exited.catch(() => {});
  const startMs = performance.now() - begun;
  if (!byMaster) await makeKey(port);
  return { port, child, startMs, pid: treeOf(child.pid).at(-1) as number };
};

/** Every limit that a key of a team has, none of which is reached: each call is checked and charged in full. */
const limits = { rpm_limit: 1e9, tpm_limit: 1e12, max_parallel_requests: 1e6, max_budget: 1e6, budget_duration: '30d' };

const makeKey = async (port: number): Promise<void> => {
  const ask = async (path: string, body: unknown): Promise<void> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    // Gateways of one run have one database.
    if (!answer.ok && !/already|taken|exists/i.test(text)) throw new Error(`${path}: ${answer.status} ${text}`);
  };
  await ask('/team/new', { team_id: 'bench', max_budget: 1e6 });
  await ask('/key/generate', { key, team_id: 'bench', ...limits });
};
