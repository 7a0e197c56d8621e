import type { ConfigNote, ConfigSnapshot } from '../config/snapshot.ts';

/** What a configuration has to say at start, one line a kind or a place. Empty: nothing. */
export const findingLines = (snapshot: Pick<ConfigSnapshot, 'notes' | 'warnings' | 'unsetVariables'>): string[] => {
  const of = (kind: ConfigNote['kind']) => snapshot.notes.filter((note) => note.kind === kind);
  const lines: string[] = [];
  const unbuilt = of('not-built');
  if (unbuilt.length > 0)
    lines.push(
      `Known from LiteLLM, not built yet, without effect: ${unbuilt.map((note) => `${note.key}${note.message && ` (${note.message})`} [${place(note)}]`).join(', ')}`,
    );
  const passed = of('passed-through');
  if (passed.length > 0)
    lines.push(`Unknown here, sent to the provider as they are: ${passed.map((note) => `${note.key} [${place(note)}]`).join(', ')}`);
  for (const warning of snapshot.warnings) lines.push(`${place(warning)}: warning: ${warning.path}: ${warning.message}`);
  const unset = Map.groupBy(snapshot.unsetVariables, (each) => each.name);
  for (const [name, uses] of unset) {
    const ofCalls = uses.some(({ path }) => /litellm_params|credential_values|model_name/.test(path));
    const result = ofCalls ? 'Calls that need it will fail and say so.' : 'The setting counts as not given.';
    lines.push(
      `Not set: ${name}, which ${uses.map((use) => `${use.path} [${place(use)}]`).join(', ')} ${uses.length === 1 ? 'refers' : 'refer'} to. ${result}`,
    );
  }
  return lines;
};

const place = ({ file, line, column }: { file?: string; line?: number; column?: number }): string =>
  [file, line, column].filter((part) => part !== undefined).join(':');
