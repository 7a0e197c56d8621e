import { notBuilt, openaiParams, vendorParams, type Section } from './known-litellm.ts';
import { builtJsonSchema, type JsonSchema } from './schema/json-schema.ts';

/** The reference of the configuration file as Markdown, made from the schema: each field with its default, unit and meaning. */
export const referencePage = (): string => {
  const schema = builtJsonSchema();
  const section = (name: string): JsonSchema => schema.properties?.[name] ?? {};
  const entry = section('model_list').items;
  const member = (name: string): JsonSchema => entry?.properties?.[name] ?? {};
  const parts = [
    intro,
    heading('model_list[]', section('model_list').description),
    table(entry),
    heading('model_list[].litellm_params', member('litellm_params').description),
    table(member('litellm_params')),
    providerMembers,
    heading('model_list[].model_info', member('model_info').description),
    table(member('model_info')),
    heading('model_list[].sluice_params', member('sluice_params').description),
    table(member('sluice_params')),
    ...within('model_list[].sluice_params', member('sluice_params')),
    ...ownProvider(section('providers')),
    ...['litellm_settings', 'router_settings', 'general_settings', 'sluice_settings'].flatMap((name) => [
      heading(name, section(name).description),
      table(section(name)),
      ...within(name, section(name)),
    ]),
    heading('credential_list[]', section('credential_list').description),
    table(section('credential_list').items),
    heading('environment_variables', section('environment_variables').description),
    heading('include', section('include').description),
    unbuilt(),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
};

/** Members that have a table of their own elsewhere. */
const shown = new Set(['default_litellm_params', 'litellm_params', 'model_info', 'sluice_params']);

/** The mappings in a mapping, at every depth: those of a list as `name[]`, those under names of the user's own as `name.NAME`. */
const within = (path: string, schema: JsonSchema | undefined): string[] =>
  Object.entries(schema?.properties ?? {}).flatMap(([name, field]) => {
    const more = typeof field.additionalProperties === 'object' ? field.additionalProperties : undefined;
    const [place, inner] = field.properties ? ['', field] : field.items?.properties ? ['[]', field.items] : ['.NAME', more];
    if (shown.has(name) || !inner?.properties) return [];
    const here = `${path}.${name}${place}`;
    return [heading(here, field.description), table(inner), ...within(here, inner)];
  });

/** Vendors of one's own: what one entry may say, and the mappings in it. */
const ownProvider = ({ description, additionalProperties }: JsonSchema): string[] => {
  const entry = typeof additionalProperties === 'object' ? additionalProperties : {};
  const inner = Object.entries(entry.properties ?? {}).filter(([, field]) => field.properties);
  return [
    heading('providers.NAME', description),
    table(entry),
    ...inner.flatMap(([name, field]) => [heading(`providers.NAME.${name}`, field.description), table(field)]),
  ];
};

const intro = `# Configuration file

<!-- Made by \`npm run docs\` from gateway/src/config/schema. Do not edit. -->

The file is LiteLLM's \`config.yaml\`, read as it is, with a section of Sluice's own. \`sluice config check FILE\` finds every mistake in one, with line, column and the nearest known key; \`sluice config schema\` prints a JSON schema for editors.

- Any text \`os.environ/NAME\` stands for that environment variable, and numbers and booleans may be texts too. A variable that is not set does not stop the gateway: it is named at start, and a call to the deployment that needs it fails with a message that names it.
- A key that nobody knows is an error. A key that LiteLLM knows and Sluice has not built yet is named once at start and has no effect; they are listed at the end. Top-level keys that begin with \`x-\`, \`_\` or \`.\` are not read: they may hold anchors.
- A running gateway watches the file: a good edit is live within a second, one with a mistake is reported and changes nothing.`;

const providerMembers = `Members of OpenAI's requests that have no row above are taken as defaults too: ${list(openaiParams)}. So are those that vendors add: ${list(vendorParams)}. Any other name goes to the provider as well and is named once at start, unless it is nearly a known one (then it is an error) or looks like a credential (then it is left out, with a warning).`;

const heading = (name: string, about: string | undefined): string => `## ${name}${about === undefined ? '' : `\n\n${about}`}`;

function list(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

const table = (schema: JsonSchema | undefined): string => {
  const required = new Set(schema?.required);
  const rows = Object.entries(schema?.properties ?? {}).map(([name, field]) => {
    const cells = [
      `\`${name}\`${required.has(name) ? ' (required)' : ''}`,
      kindOf(field),
      defaultOf(field),
      field.unit ?? '',
      field.description ?? '',
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
  });
  return ['| key | value | default | unit | meaning |', '|---|---|---|---|---|', ...rows].join('\n');
};

const kinds: Record<string, string> = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: 'true or false',
  array: 'list',
  object: 'mapping',
};

const kindOf = (field: JsonSchema): string => {
  if (field.enum) return field.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (field.anyOf) return field.anyOf.map(kindOf).join(' or ');
  // The second type of numbers and booleans is the text of a reference.
  const type = Array.isArray(field.type) ? field.type[0] : field.type;
  if (type === 'array' && field.items?.type === 'string') return 'list of texts';
  return (type !== undefined && kinds[type]) || 'any';
};

const defaultOf = (field: JsonSchema): string => (field.default === undefined ? '' : `\`${String(field.default)}\``);

const places: Record<Section, string> = {
  top: 'top level',
  model: '`model_list[]`',
  provider: '`providers.NAME`',
  litellm_params: '`litellm_params`',
  litellm_settings: '`litellm_settings`',
  router_settings: '`router_settings`',
  general_settings: '`general_settings`',
  model_info: '`model_info`',
  retry_policy: '`router_settings.retry_policy`',
  allowed_fails_policy: '`router_settings.allowed_fails_policy`',
  pass_through_endpoints: '`general_settings.pass_through_endpoints[]`',
  team_settings: '`team_settings[]`',
  alerting_args: '`general_settings.alerting_args`',
};

const unbuilt = (): string => {
  const rows = (Object.keys(places) as Section[]).map((section) => `- ${places[section]}: ${list(notBuilt[section].toSorted())}`);
  return ['## Known from LiteLLM, not built yet', 'They load, are named once at start, and have no effect.', rows.join('\n')].join('\n\n');
};
