import type { Env, Transport } from 'sluice/kit';
import { environmentOf } from '../config/environment.ts';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import { createSocketTransport, proxySettings, type OpenedSocket, type SocketRequest, type SocketTransport } from '../upstream/index.ts';

/** How providers are reached, as the configuration and the environment say. */
export interface Upstream {
  transport: Transport;
  openSocket(request: SocketRequest): Promise<OpenedSocket>;
  /** A new configuration may name other proxies. Calls under way keep theirs. */
  configure(snapshot: ConfigSnapshot): void;
  close(): void;
}

const variables = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()]);

export const createUpstream = (first: ConfigSnapshot, env: Env): Upstream => {
  const open: SocketTransport[] = [];
  let current: SocketTransport | undefined;
  let settings = '';

  const configure = (snapshot: ConfigSnapshot) => {
    const variable = environmentOf(snapshot, env);
    const proxy = proxySettings(Object.fromEntries(variables.map((name) => [name, variable(name)])));
    const text = JSON.stringify(proxy);
    if (current && text === settings) return;
    settings = text;
    // The one before closes its connections by itself when they have been idle for a while.
    open.push((current = createSocketTransport({ proxy })));
  };

  configure(first);
  return {
    transport: (request) => current!(request),
    openSocket: (request) => current!.openSocket(request),
    configure,
    close: () => open.forEach((each) => each.close()),
  };
};
