/**
 * Opens many streams at once and reads them until it is killed. A process of its own:
 * the job comes as JSON in the first argument; prints `open` when every stream has had its first event, or what failed.
 */
import { httpRequest } from './request.ts';

export interface OpenStreamsJob {
  port: number;
  path: string;
  body: string;
  count: number;
}

const job = JSON.parse(process.argv[2] ?? '{}') as OpenStreamsJob;
const request = httpRequest(job.path, job.body);
let begun = 0;

const fail = (what: string): never => {
  console.log(`failed: ${what}`);
  process.exit(1);
};

for (let index = 0; index < job.count; index++) {
  let seen = '';
  Bun.connect({
    hostname: '127.0.0.1',
    port: job.port,
    socket: {
      open(socket) {
        socket.write(request);
      },
      data(_socket, bytes) {
        if (seen === 'event') return;
        seen += bytes.toString('latin1');
        if (!seen.startsWith('HTTP/1.1 200 '.slice(0, seen.length))) fail(seen.slice(0, 300));
        if (!seen.includes('\ndata: ')) return;
        seen = 'event';
        if (++begun === job.count) console.log('open');
      },
      close() {
        fail('a stream was closed');
      },
      error() {},
    },
  }).catch((error: unknown) => fail(String(error)));
  // In groups: a thousand connections in one instant overflow a listener's queue, which is not what is measured.
  if (index % 50 === 49) await Bun.sleep(5);
}
