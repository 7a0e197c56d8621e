import { createServer } from 'node:net';

/** Below those that systems give to connections going out: what dies and comes back must find its port free. */
const range = { from: 12_000, to: 32_000 };

/** A port of this machine that nobody listens on, for a program that must be told one. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = range.from + Math.floor(Math.random() * (range.to - range.from));
    if (await isFree(port)) return port;
  }
};

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
