import { Refusal, type Io } from './io.ts';
import { parse } from './parse.ts';
import type { RunParts } from './run-agent.ts';
import type { Started, StartParts } from './start.ts';

/** Does what the command line asks. A number: end with this exit code; else the gateway is up. */
export const run = async (io: Io, parts: StartParts & RunParts): Promise<Started | number> => {
  try {
    const asked = parse(io, parts.version);
    if (asked.kind === 'said') return asked.exitCode;
    // Loaded when it is known what is wanted: help and the version are there at once.
    if (asked.kind === 'start') return await (await import('./start.ts')).start(asked.flags, io, parts);
    if (asked.kind === 'run') return await (await import('./run-agent.ts')).runAgent(asked.agent, asked.args, asked.flags, io, parts);
    if (asked.kind === 'admin') return await asked.run(io);
    if (asked.kind === 'migrate') return await (await import('./migrate-command.ts')).migrateCommand(asked.flags, io);
    if (asked.kind === 'audit-verify') return await (await import('./audit-commands.ts')).auditVerify(asked.flags, io);
    if (asked.kind === 'spend-verify') return await (await import('./spend-commands.ts')).spendVerify(asked.flags, io);
    if (asked.kind === 'spend-rebuild') return await (await import('./spend-commands.ts')).spendRebuild(asked.flags, io);
    if (asked.kind === 'spend-retain') return await (await import('./spend-commands.ts')).spendRetain(asked.flags, io);
    if (asked.kind === 'spend-export') return await (await import('./spend-export.ts')).spendExport(asked.flags, io);
    if (asked.kind === 'import-litellm') return await (await import('./import/import-command.ts')).importCommand(asked.flags, io);
    const commands = await import('./config-commands.ts');
    if (asked.kind === 'config-schema') return await commands.configSchema(io);
    const options = { io, providers: (await parts.loadProviders()).prefixes };
    return asked.kind === 'config-check'
      ? await commands.configCheck(asked.file, asked.json, options)
      : asked.kind === 'config-explain'
        ? await commands.configExplain(asked.file, options)
        : await commands.configExplainPath(asked.file, asked, options);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    io.tell(`sluice: ${error.message}\n`);
    return error.exitCode;
  }
};
