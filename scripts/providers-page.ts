import { aliases } from '../sdk/src/providers/aliases.ts';
import { functionsOnly, leftOut } from '../sdk/src/providers/compatible/index.ts';
import { providers } from '../sdk/src/providers/index.ts';
import { variantsOf } from '../sdk/src/providers/offers.ts';
import type { Endpoint, Provider, Quirks, Takes } from '../sdk/src/types/index.ts';

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

const otherNames = (id: string): string[] => Object.keys(aliases).filter((name) => aliases[name]!.provider === id);

const formatsOf = (provider: Provider): string => {
  const variants = variantsOf(provider);
  const used = variants.flatMap(({ speaks }) => Object.values(speaks).filter(({ optIn }) => !optIn));
  const counts = variants.some(({ speaks }) => speaks['count-tokens']);
  return [...new Set(used.map(({ protocol }) => protocol))].join(', ') + (counts ? '; counts tokens' : '');
};

const keyOf = ({ keyEnv, keyOptional, auth, credentialOptions }: Provider): string => {
  if (auth.kind === 'none') return 'none needed';
  const words = [code(keyEnv)];
  if (keyOptional) words.push('optional');
  if (credentialOptions?.length) words.push(`or ${code(credentialOptions)}`);
  return words.filter((word) => word !== '').join('; ');
};

/** What AWS's own tools read as well is not listed one by one. */
const ofAws = /^env_aws_/;

const othersOf = ({ baseUrlEnv = [], apiVersionEnv = [], optionsEnv = {} }: Provider): string => {
  const options = Object.entries(optionsEnv);
  const own = options.filter(([name]) => !ofAws.test(name)).flatMap(([, variables]) => variables);
  const named = code([...new Set([...baseUrlEnv, ...apiVersionEnv, ...own])]);
  return options.some(([name]) => ofAws.test(name)) ? `${named}, and those of AWS's own tools` : named;
};

const row = (provider: Provider): string => {
  const { id, label, baseUrl, source } = provider;
  const cells = [
    code([id, ...otherNames(id)]),
    label,
    keyOf(provider),
    provider.transport ? 'itself' : (baseUrl ?? 'must be given'),
    othersOf(provider),
    formatsOf(provider),
    Object.keys(provider.operations ?? {}).join(', '),
    source,
  ];
  return `| ${cells.join(' | ')} |`;
};

const named = (members: Takes['members'], what: 'drop' | 'refuse'): string =>
  code(Object.keys(members ?? {}).filter((name) => members?.[name] === what));

const takesRows = (provider: Provider): string[] =>
  variantsOf(provider).flatMap(({ speaks }) =>
    (Object.keys(speaks) as Endpoint[]).flatMap((endpoint) => {
      const { takes, protocol } = speaks[endpoint]!;
      if (!takes) return [];
      const { members, sources, edits, tools, betas } = takes;
      const cells = [
        `\`${provider.id}\`, ${endpoint} (${protocol})`,
        named(members, 'drop'),
        named(members, 'refuse'),
        tools ? code(tools) : 'all',
        sources ? code(sources) : 'all',
        edits ? code(edits) : 'all',
        betas ? code(betas) : 'all',
      ];
      return [`| ${cells.join(' | ')} |`];
    }),
  );

/** What a table of a vendor's OpenAI chat says beside the names of members. */
const habits: readonly (readonly [keyof Quirks, string])[] = [
  ['developerRole', 'no developer role'],
  ['contentAsString', 'content as plain text'],
  ['noStreamOptions', 'no `stream_options`'],
  ['strictMessages', 'no unknown member in messages and tools'],
];

/** As most are, which is said once for all. */
const isPlain = (lacks: readonly string[], told: readonly string[]): boolean =>
  told.join() === 'no developer role' && lacks.toSorted().join() === functionsOnly.join();

const quirksRow = ({ id, quirks = {} }: Provider): string[] => {
  const { lacks = [], rename = {}, structuredOutput, efforts } = quirks;
  const told = [
    ...habits.filter(([name]) => quirks[name] !== undefined).map(([, text]) => text),
    ...(structuredOutput ? [structuredOutput === 'json' ? 'no JSON schema' : 'no JSON mode'] : []),
    ...(efforts ? [`efforts ${efforts.join(', ')}`] : []),
    ...Object.entries(rename).map(([from, to]) => `\`${from}\` is \`${to}\``),
  ];
  if (isPlain(lacks, told)) return [];
  return lacks.length + told.length === 0 ? [] : [`| \`${id}\` | ${code(lacks.toSorted())} | ${told.join('; ')} |`];
};

const sorted = (): Provider[] => providers.list.toSorted((a, b) => a.id.localeCompare(b.id));

/** What is known of each provider, for people. */
export const providersPage = (): string => `# Providers

<!-- Made by \`npm run docs\` from sdk/src/providers. Do not edit. -->

The name before the slash of a model, \`groq/llama-3.3-70b-versatile\`. Where several variables are named, the first that is set holds; what a request or the configuration file gives comes before any. The formats are those that the provider itself speaks; clients of every format are served in front of each. Any other server that speaks OpenAI's format is \`custom_openai\` with its address.

| name | vendor | key | address | other variables | formats | other calls | source, and when it was read |
|---|---|---|---|---|---|---|---|
${sorted().map(row).join('\n')}

## What an endpoint takes

Flags, members and kinds of tools that an endpoint is known not to take do not reach it: flags and advice are left out, and reported in \`x-sluice-dropped-params\`; what the answer would be another one without is refused by name, or left out with \`drop_params\`. What no table names is sent, and the vendor's own answer stands. Each table says in its file where it comes from.

| endpoint (format) | left out | refused | kinds of tools taken | sources of media taken | kinds of \`context_management.edits\` taken | flags of \`anthropic-beta\` taken |
|---|---|---|---|---|---|---|
${sorted().flatMap(takesRows).join('\n')}

Of OpenAI's chat format, these vendors lack or call otherwise (custom tools become functions, narrowed choices of tools a shorter list). Those of the table above that are not here take functions as their only tools and know no developer role.

| vendor | not taken | and |
|---|---|---|
${sorted().flatMap(quirksRow).join('\n')}

## Left out

Names that LiteLLM knows and that mean nothing here:

| name | why |
|---|---|
${Object.entries(leftOut)
  .map(([name, why]) => `| \`${name}\` | ${why} |`)
  .join('\n')}
`;
