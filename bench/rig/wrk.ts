import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { key } from '../load/request.ts';
import { start } from './processes.ts';

export interface WrkJob {
  port: number;
  path: string;
  body: string;
  connections: number;
  seconds: number;
  core: number | undefined;
  /** For its script. */
  directory: string;
}

/** Closed-loop load: `connections` requests under way all the time. @throws Error if any was not answered with 200 */
export const wrk = async ({ port, path, body, connections, seconds, core, directory }: WrkJob): Promise<{ requestsPerSecond: number }> => {
  const script = join(directory, 'request.lua');
  // A long bracket of Lua takes any text that does not contain its end.
  writeFileSync(
    script,
    `wrk.method = "POST"\nwrk.path = "${path}"\nwrk.body = [==[${body}]==]\nwrk.headers["content-type"] = "application/json"\nwrk.headers["authorization"] = "Bearer ${key}"\n`,
  );
  const url = `http://127.0.0.1:${port}`;
  const child = start(['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', script, url], { core, read: true });
  const text = await child.rest((seconds + 30) * 1000);
  await child.kill();
  const refused = /Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1];
  const broken = /Socket errors: (.*)/.exec(text)?.[1];
  if (refused !== undefined || broken !== undefined)
    throw new Error(`${url}${path}: ${refused ?? 0} answers that are not 2xx; ${broken ?? ''}`);
  const requestsPerSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]);
  if (!(requestsPerSecond > 0)) throw new Error(`${url}${path}: wrk measured nothing: ${text.trim()}`);
  return { requestsPerSecond };
};
