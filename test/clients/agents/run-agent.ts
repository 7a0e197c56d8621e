import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { key } from '../gateway.ts';
import type { Agent } from './agent.ts';
import { ownFolder } from '../../kit/own-folder.ts';

const packages = join(import.meta.dir, 'node_modules');
const launcher = join(import.meta.dir, '../../../gateway/bin/sluice.js');
const node = process.env['SLUICE_TEST_NODE'] ?? 'node';

/** A user's home with a folder to work in, and the agents' commands. */
export interface Desk {
  folder: string;
  write(name: string, text: string): string;
  read(name: string): string;
  clear(): void;
}

const programOf = ({ program }: Agent): string => join(packages, program.replace('{platform}', `${process.platform}-${process.arch}`));

/** Not for every platform is each of them locked; where all must be proven, a missing one is a failure. */
export const isThere = (agent: Agent): boolean => Boolean(process.env['CI']) || existsSync(programOf(agent));

export const makeDesk = (agents: readonly Agent[]): Desk & { home: string; path: string } => {
  const home = ownFolder('agent');
  const [folder, bin] = [join(home, 'work'), join(home, 'bin')];
  for (const each of [folder, bin]) mkdirSync(each);
  // Installed without scripts, so the commands of some are not where npm says.
  for (const agent of agents) symlinkSync(programOf(agent), join(bin, agent.name));
  symlinkSync(Bun.which(node)!, join(bin, 'node'));
  return {
    home,
    folder,
    path: `${bin}:/usr/bin:/bin`,
    write(name, text) {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    },
    read: (name) => readFileSync(join(folder, name), 'utf8'),
    clear: () => rmSync(home, { recursive: true, force: true }),
  };
};

export interface Outcome {
  code: number;
  output: string;
  problems: string;
}

/** `sluice run <agent>`, in an environment with nothing but a home. It is ended after `limitMs`. */
export const runAgent = async (
  { name, args, env }: Agent,
  { url, model, prompt, desk, limitMs }: { url: string; model: string; prompt: string; desk: ReturnType<typeof makeDesk>; limitMs: number },
): Promise<Outcome> => {
  const child = Bun.spawn([node, launcher, 'run', '--url', url, '--model', model, name, ...args(prompt)], {
    cwd: desk.folder,
    env: { PATH: desk.path, HOME: desk.home, TMPDIR: desk.home, SLUICE_API_KEY: key, ...env },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    timeout: limitMs,
  });
  const [output, problems] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { code: await child.exited, output, problems };
};
