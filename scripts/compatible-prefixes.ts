import { aliases } from '../sdk/src/providers/aliases.ts';
import { compatible } from '../sdk/src/providers/compatible/index.ts';

/** The names of all vendors that are rows, and all other names, as a type: editors complete it. */
export const compatiblePrefixes = (): string => {
  const names = [...compatible.map(({ id }) => id), ...Object.keys(aliases)].toSorted();
  return `/* Made by \`npm run docs\` from sdk/src/providers. Do not edit. */

/** Vendors that are a row of \`providers/compatible\`, and other names of any. */
export type CompatiblePrefix =
${names.map((name) => `  | '${name}'`).join('\n')};
`;
};
