import type { Command } from 'commander';
import { sendTest } from '../calls.ts';
import type { Io } from '../io.ts';
import { usageOf } from './field.ts';
import type { AdminFlags } from './request.ts';
import type { VerbFlags } from './run-verb.ts';
import { things } from './things/index.ts';
import type { Verb } from './verb.ts';

/** What is asked of a running gateway. */
export interface AdminAsked {
  readonly kind: 'admin';
  readonly run: (io: Io) => Promise<number>;
}

/** The names under which these commands are found. */
export const adminCommands: readonly string[] = [...things.map(({ name }) => name), 'login', 'logout', 'whoami'];

/** @param wanted the command that is asked for: the flags of others are not made, which takes longer than all the rest of a start's parsing */
export const addAdminCommands = (program: Command, wanted: string | undefined, ask: (asked: AdminAsked) => void): void => {
  const doing = (run: AdminAsked['run']) => ask({ kind: 'admin', run });
  for (const { name, help, verbs } of things) {
    const group = program.command(name).description(`${help}, of a running gateway`);
    if (name !== wanted) continue;
    for (const verb of verbs) addVerb(group, verb, doing);
    if (name === 'models')
      withGateway(group.command('test').description('send one chat request to a model').argument('<name>')).action(
        (model: string, flags: AdminFlags) =>
          doing(async (io) => {
            const { adminClient } = await import('./request.ts');
            const { url, key } = adminClient(flags, io);
            return sendTest(url, { key: key?.value, model, io });
          }),
      );
  }
  withGateway(program.command('whoami').description('whose key commands come with'))
    .option('--json', 'as JSON')
    .action((flags: AdminFlags) => doing(async (io) => (await import('./whoami.ts')).whoami(flags, io)));
  withUrl(program.command('login').description('sign in to a gateway, in a browser')).action((flags: AdminFlags) =>
    doing(async (io) => (await import('./login.ts')).login(flags, io)),
  );
  withUrl(program.command('logout').description('sign out again')).action((flags: AdminFlags) =>
    doing(async (io) => (await import('./login.ts')).logout(flags, io)),
  );
};

const addVerb = (group: Command, verb: Verb, doing: (run: AdminAsked['run']) => void): void => {
  const command = group.command(verb.name).description(verb.help);
  for (const alias of verb.aliases ?? []) command.alias(alias);
  const { argument } = verb;
  if (argument) {
    const name = `${argument.name}${argument.list ? '...' : ''}`;
    command.argument(argument.optional ? `[${name}]` : `<${name}>`, argument.must?.say ?? '');
  }
  for (const field of verb.fields ?? []) command.option(usageOf(field), field.help);
  if (verb.method !== 'GET') command.option('--data <json>', 'members that have no flag, as a JSON object; @file reads one');
  withGateway(command)
    .option('--json', 'the answer as it came')
    .action((...given: unknown[]) => {
      const named = argument ? [given[0] ?? []].flat().map(String) : [];
      const flags = given[argument ? 1 : 0] as VerbFlags;
      doing(async (io) => (await import('./run-verb.ts')).runVerb(verb, named, flags, io));
    });
};

const withUrl = (command: Command): Command =>
  command.option('--url <address>', "the gateway's (default: SLUICE_URL, or http://127.0.0.1:4000)");

const withGateway = (command: Command): Command =>
  withUrl(command).option(
    '--key <key>',
    "yours; better in SLUICE_API_KEY (default: what `sluice login` has kept, or this machine's master key)",
  );
