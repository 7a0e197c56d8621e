import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Refusal, type Io } from '../io.ts';
import { bodyOf, optionName, readField, type Field } from './field.ts';
import { adminClient, type AdminFlags } from './request.ts';
import { listShown, memberOf, pagesShown, thingShown } from './show.ts';
import type { Verb } from './verb.ts';

/** As commander gives them: the flags of the verb's fields are texts. */
export type VerbFlags = AdminFlags & { data?: string } & Readonly<Record<string, string | boolean | undefined>>;

/** Does what one command of a thing asks, and prints the answer. */
export const runVerb = async (verb: Verb, named: readonly string[], flags: VerbFlags, io: Io): Promise<number> => {
  const { argument, fields = [] } = verb;
  demandNames(verb, named);
  const given = fields.flatMap((field): (readonly [Field, unknown])[] => {
    const value = flags[optionName(field)];
    return typeof value === 'string' ? [[field, readField(field, value)]] : [];
  });
  const data = flags.data === undefined ? {} : readData(flags.data, io);
  const client = adminClient(flags, io);
  const path = verb.path.replace(/\{\w+\}/, () => encodeURIComponent(named[0] ?? ''));
  const isGet = verb.method === 'GET';
  const query = {
    ...verb.query,
    ...(argument?.query !== undefined && named[0] !== undefined && { [argument.query]: named[0] }),
    ...(isGet && Object.fromEntries(given.map(([{ name }, value]) => [name, value === null ? 'null' : String(value)]))),
  };
  const about = argument?.body === undefined ? {} : { [argument.body]: argument.list ? named : named[0] };
  const needsBody = !isGet && (verb.method !== 'DELETE' || given.length > 0);
  const body = needsBody ? bodyOf(given, { ...merged(verb.body ?? {}, data), ...about }) : undefined;
  const answer = await client.call(verb.method, path, { query, ...(body !== undefined && { body }) });
  print(verb, answer, flags, io);
  return 0;
};

/** Several at once are the same as one flag for each of their members; what `--data` says wins over what is usual. */
const merged = (usual: Readonly<Record<string, unknown>>, data: Record<string, unknown>): Record<string, unknown> => ({
  ...usual,
  ...data,
});

const demandNames = ({ argument }: Verb, named: readonly string[]): void => {
  for (const name of named)
    if (argument?.must && !argument.must.match.test(name)) throw new Refusal(`${JSON.stringify(name)} is not ${argument.must.say}.`, 2);
};

/** `--data '{"a": 1}'`, or `--data @file`. */
const readData = (given: string, io: Pick<Io, 'cwd'>): Record<string, unknown> => {
  let text = given;
  if (given.startsWith('@'))
    try {
      text = readFileSync(resolve(io.cwd, given.slice(1)), 'utf8');
    } catch (cause) {
      throw new Refusal(`--data ${given} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown error'}).`, 2);
    }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Refusal(`--data must be a JSON object such as '{"max_budget": 10}', or @ and a file with one.`, 2);
  return value as Record<string, unknown>;
};

const print = (verb: Verb, answer: unknown, { json }: AdminFlags, io: Io): void => {
  if (json) return io.out(`${JSON.stringify(answer ?? null, null, 2)}\n`);
  if (verb.columns) {
    const rows = memberOf(answer, verb.rows ?? '');
    if (!Array.isArray(rows)) throw new Refusal('The gateway answered something else than a list: see --json.');
    io.out(listShown(rows, verb.columns, io.columns));
    io.tell(pagesShown(answer, rows.length));
    return;
  }
  const secret = verb.secret === undefined ? undefined : memberOf(answer, verb.secret);
  if (typeof secret === 'string') {
    io.out(`${secret}\n`);
    io.tell('It is shown this once. What is stored is its hash.\n');
    return;
  }
  io.out(thingShown(verb.thing === undefined ? answer : (memberOf(answer, verb.thing) ?? answer), io.columns));
};
