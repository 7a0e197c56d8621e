import { aliases } from '../sdk/src/providers/aliases.ts';
import { providers } from '../sdk/src/providers/index.ts';
import type { Provider } from '../sdk/src/types/index.ts';

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

const otherNames = (id: string): string[] => Object.keys(aliases).filter((name) => aliases[name]!.provider === id);

const formatsOf = ({ speaks }: Provider): string => {
  const used = Object.values(speaks).filter(({ optIn }) => !optIn);
  return [...new Set(used.map(({ protocol }) => protocol))].join(', ') + (speaks['count-tokens'] ? '; counts tokens' : '');
};

const keyOf = ({ keyEnv, keyOptional, auth, credentialOptions }: Provider): string => {
  if (auth.kind === 'none') return 'none needed';
  const words = [code(keyEnv)];
  if (keyOptional) words.push('optional');
  if (credentialOptions?.length) words.push(`or ${code(credentialOptions)}`);
  return words.filter((word) => word !== '').join('; ');
};

const othersOf = ({ baseUrlEnv = [], apiVersionEnv = [], optionsEnv = {} }: Provider): string =>
  code([...baseUrlEnv, ...apiVersionEnv, ...Object.values(optionsEnv).flat()]);

const row = (provider: Provider): string => {
  const { id, label, baseUrl, source } = provider;
  const cells = [
    code([id, ...otherNames(id)]),
    label,
    keyOf(provider),
    provider.transport ? 'itself' : (baseUrl ?? 'must be given'),
    othersOf(provider),
    formatsOf(provider),
    source,
  ];
  return `| ${cells.join(' | ')} |`;
};

/** What is known of each provider, for people. */
export const providersPage = (): string => `# Providers

<!-- Made by \`npm run docs\` from sdk/src/providers. Do not edit. -->

The name before the slash of a model, \`groq/llama-3.3-70b-versatile\`. Where several variables are named, the first that is set holds; what a request or the configuration file gives comes before any. The formats are those that the provider itself speaks; clients of every format are served in front of each. Any other server that speaks OpenAI's format is \`custom_openai\` with its address.

| name | vendor | key | address | other variables | formats | source, and when it was read |
|---|---|---|---|---|---|---|
${providers.list
  .toSorted((a, b) => a.id.localeCompare(b.id))
  .map(row)
  .join('\n')}
`;
