import { unsentAlertTypes } from './alert-types.ts';
import { note, type Findings } from './issues.ts';
import type { Merged } from './merge.ts';
import { holderOf } from './model-names.ts';
import { pathText } from './problem.ts';

/** Kinds of LiteLLM's that nothing sends yet. */
export const noteAlertTypes = ({ settings, files }: Pick<Merged, 'settings' | 'files'>, findings: Findings): void => {
  const general = settings.general_settings;
  const tell = (member: string, named: readonly string[]) => {
    const unsent = named.filter((type) => (unsentAlertTypes as readonly string[]).includes(type));
    const path = ['general_settings', member];
    const source = holderOf(files, path);
    if (source && unsent.length > 0)
      findings.notes.push(note(source, path, 'not-built', pathText(path), `nothing sends ${unsent.join(', ')} yet`));
  };
  tell('alert_types', general?.alert_types ?? []);
  tell('alert_to_webhook_url', Object.keys(general?.alert_to_webhook_url ?? {}));
};
