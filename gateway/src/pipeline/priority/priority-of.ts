import type { Principal } from '../../access/principal.ts';

/** The priority that a caller's team, else its key, has by its `metadata.priority` (LiteLLM's order). Undefined: none. */
export const priorityOf = ({ key, team }: Principal): string | undefined => nameOf(team?.data.metadata) ?? nameOf(key?.data.metadata);

const nameOf = (metadata: Readonly<Record<string, unknown>> | null | undefined): string | undefined => {
  const name = metadata?.['priority'];
  // In a file, `1:` is a name as well.
  if (typeof name === 'number') return String(name);
  return typeof name === 'string' && name !== '' ? name : undefined;
};
