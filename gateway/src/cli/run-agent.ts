import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeAgentHome } from './agent-home.ts';
import type { Agent, Start } from './agents/agent.ts';
import { agents } from './agents/index.ts';
import type { ChildOptions } from './child.ts';
import { dataFolder } from './data-folder.ts';
import { gatewayKey, gatewayUrl } from './gateway-address.ts';
import { chooseModel, chooseSmall, demandModel, modelsOf } from './gateway-facts.ts';
import { Refusal, type Io } from './io.ts';

export interface RunFlags {
  url?: string;
  key?: string;
  model?: string;
}

/** What starting a program takes; handed in for tests. */
export interface RunParts {
  runChild(options: Omit<ChildOptions, 'terminal'>): Promise<number>;
}

/** Set for our own process, and nothing to a program that we start. */
const ownVariables: ReadonlySet<string> = new Set(['SLUICE_LAUNCHER_PID', 'BUN_CONFIG_MAX_HTTP_REQUESTS']);

/**
 * `sluice run AGENT [args]`: starts an agent that talks to a running gateway.
 * @returns the agent's exit code
 * @throws Refusal where it is not installed, no gateway answers, or it has no such model
 */
export const runAgent = async (name: string, args: readonly string[], flags: RunFlags, io: Io, parts: RunParts): Promise<number> => {
  const agent = agents.find((each) => each.name === name);
  if (!agent) throw new Refusal(`There is no agent '${name}' here: ${agents.map((each) => each.name).join(', ')}.`, 2);
  const command = Bun.which(agent.name, { PATH: io.env['PATH'] ?? '', cwd: io.cwd });
  if (command === null)
    throw new Refusal(`${agent.label} is not installed: there is no '${agent.name}' on the PATH. npm install -g ${agent.install}`);

  const url = gatewayUrl(flags, io);
  const key = gatewayKey(url, flags, io);
  const models = await modelsOf(url, key, io);
  const chosen = flags.model ?? chooseModel(agent, models);
  // Without a key the gateway would not have told its models; another that wants none gets a word that is none.
  const value = key?.value ?? 'none';
  if (flags.model !== undefined) await demandModel(flags.model, url, value, io);
  const smallModel = chooseSmall(chosen, models);
  const named = models.filter((id) => !id.includes('*'));
  const start = agent.start({ url, key: value, model: chosen, smallModel, models: named }, { env: io.env, home: io.home, read: textOf });
  io.tell(`${agent.label} through ${url}${chosen === undefined ? '' : `, model ${chosen}`}.\n`);
  return launch(agent, command, start, args, io, parts);
};

const launch = async (agent: Agent, command: string, start: Start, args: readonly string[], io: Io, parts: RunParts): Promise<number> => {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...io.env, ...start.env }))
    if (value !== undefined && !ownVariables.has(name)) env[name] = value;
  try {
    if (start.home) {
      const data = dataFolder(io);
      env[start.home.variable] = makeAgentHome(start.home, data && join(data, 'agents', agent.name));
    }
    return await parts.runChild({ command, args: [...start.args, ...args], env });
  } catch (error) {
    throw new Refusal(`${agent.label} cannot be started (${command}): ${(error as Error).message}`);
  }
};

const textOf = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};
