import { availableParallelism } from 'node:os';
import type { BenchOptions } from '../options.ts';
import { startGateway, startNginx, startUpstream, type Gateway, type Server, type Upstream } from './servers.ts';
import { wrk } from './wrk.ts';

/** What every lane works with. */
export interface Rig {
  options: BenchOptions;
  directory: string;
  /** The core of what is measured, and the one of the load and the upstream. */
  cores: { measured: number | undefined; load: number | undefined };
  /** The three that the lanes of CPU and latency share. Started when first asked for. */
  standing(): Promise<Standing>;
  /** Pinned like everything that is measured, unless said otherwise. */
  startGateway(upstream: Server, options?: { slow?: Server; pinned?: boolean }): Promise<Gateway>;
  startUpstream(settings?: { tickMs?: number; events?: number }): Promise<Upstream>;
  load(job: { port: number; path: string; body: string; connections: number; seconds: number }): Promise<{ requestsPerSecond: number }>;
}

export interface Standing {
  upstream: Upstream;
  nginx: Server;
  gateway: Gateway;
}

export const createRig = (options: BenchOptions, directory: string): Rig => {
  // With one core there is nothing to keep apart.
  const cores = availableParallelism() > 1 ? { measured: 0, load: 1 } : { measured: undefined, load: undefined };
  const measured = { directory, core: cores.measured };
  const load = { directory, core: cores.load };
  let standing: Promise<Standing> | undefined;
  const rig: Rig = {
    options,
    directory,
    cores,
    startGateway: (upstream, { slow, pinned = true } = {}) =>
      startGateway(
        { directory, core: pinned ? cores.measured : undefined, launcher: options.launcher, byMaster: options.byMaster },
        upstream,
        slow,
      ),
    startUpstream: (settings) => startUpstream(load, settings),
    load: (job) => wrk({ ...job, ...load }),
    standing() {
      standing ??= (async () => {
        const upstream = await rig.startUpstream();
        return { upstream, nginx: await startNginx(measured, upstream), gateway: await rig.startGateway(upstream) };
      })();
      return standing;
    },
  };
  return rig;
};
